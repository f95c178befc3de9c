#include <asyncio/sync/event.hpp>

namespace asyncio {

namespace detail {

void EventState::begin_wait(Waiter& waiter, PromiseBase& leaf) {
  loop_.wait_in(waiters_, waiter, leaf, *this);
}

std::string EventState::text() const {
  return print_state("Event", set_ ? "set" : "unset", waiters_.size());
}

}  // namespace detail

Event::Event() : state_(new detail::EventState) {}

std::string to_string(const Event& event) {
  return event.state_->text();
}

}  // namespace asyncio
