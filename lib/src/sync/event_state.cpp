#include <asyncio/detail/sync/event_state.hpp>

namespace asyncio::detail {

std::string EventState::text() const {
  return print_state("Event", set_ ? "set" : "unset", waiters_.size());
}

}  // namespace asyncio::detail
