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

bool DoneLink::stop() noexcept {
  const bool was_listening = std::exchange(listener_, nullptr) != nullptr;
  return !was_listening || future_->remove_callback(*this);
}

void DoneLink::drop(DoneLink* link) noexcept {
  if (link->stop()) delete link;
}

}  // namespace asyncio::detail
