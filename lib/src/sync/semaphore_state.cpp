#include <asyncio/base/error.hpp>
#include <asyncio/detail/sync/semaphore_state.hpp>
#include <utility>

namespace asyncio::detail {

SemaphoreState::SemaphoreState(std::ptrdiff_t permits, std::ptrdiff_t bound)
    : free_(permits), bound_(bound) {
  if (permits < 0) throw ValueError("Semaphore initial value must be >= 0");
}

void SemaphoreState::finish_acquire(Waiter& waiter) {
  waiter.unlink();
  try {
    waiter.check_cancelled();
  } catch (...) {
    if (waiter.state() == Waiter::State::woken) ++free_;
    grant_all_free();
    throw;
  }
  // Tasks that arrived after the wake-up had to queue, even if permits were free.
  grant_all_free();
}

void SemaphoreState::release_hold() {
  if (free_ >= bound_) throw ValueError("BoundedSemaphore released too many times");
  ++free_;
  (void)grant_next();
}

std::string SemaphoreState::text() const {
  const std::string state = locked() ? "locked" : "unlocked, value:" + std::to_string(free_);
  return print_state(bound_ == kNoBound ? "Semaphore" : "BoundedSemaphore", state, waiters_.size());
}

}  // namespace asyncio::detail
