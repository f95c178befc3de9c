#include <asyncio/detail/task/done_link.hpp>

namespace asyncio::detail {

void DoneLink::run() noexcept {
  if (DoneListener* const listener = std::exchange(listener_, nullptr)) {
    listener->future_done(*this);  // may drop this
  } else {
    delete this;  // dropped while it was queued
  }
}

void DoneLink::discard() noexcept {
  if (std::exchange(listener_, nullptr) == nullptr) delete this;  // dropped while it was queued
}

void DoneLink::drop(DoneLink* link) noexcept {
  const bool is_queued = link->is_listening() && !link->future_->remove_callback(*link);
  link->listener_ = nullptr;
  if (!is_queued) delete link;
}

}  // namespace asyncio::detail
