#include <asyncio/base/error.hpp>
#include <asyncio/sync/semaphore.hpp>
#include <utility>

namespace asyncio {

namespace detail {

SemaphoreState::SemaphoreState(std::ptrdiff_t permits, std::ptrdiff_t bound)
    : free_(permits), bound_(bound) {
  if (permits < 0) throw ValueError("Semaphore initial value must be >= 0");
}

void SemaphoreState::begin_wait(Waiter& waiter, PromiseBase& leaf) {
  loop_.wait_in(waiters_, waiter, leaf, *this);
}

void SemaphoreState::end_wait(Waiter& waiter) {
  waiter.unlink();
  try {
    waiter.check_cancelled();
  } catch (...) {
    if (waiter.state() == Waiter::State::woken) ++free_;
    grant_all_free();
    throw;
  }
  // Those who came while this one was on its way had to line up behind it.
  grant_all_free();
}

void SemaphoreState::let_go() {
  if (free_ >= bound_) throw ValueError("BoundedSemaphore released too many times");
  ++free_;
  (void)grant_next();
}

std::string SemaphoreState::text() const {
  const std::string state = locked() ? "locked" : "unlocked, value:" + std::to_string(free_);
  return print_state(bound_ == kNoBound ? "Semaphore" : "BoundedSemaphore", state, waiters_.size());
}

}  // namespace detail

Semaphore::Semaphore(std::ptrdiff_t permits)
    : state_(new detail::SemaphoreState(permits, detail::SemaphoreState::kNoBound)) {}

Semaphore::Semaphore(detail::Ref<detail::SemaphoreState> state) noexcept
    : state_(std::move(state)) {}

BoundedSemaphore::BoundedSemaphore(std::ptrdiff_t permits)
    : Semaphore(detail::Ref<detail::SemaphoreState>(new detail::SemaphoreState(permits, permits))) {
}

std::string to_string(const Semaphore& semaphore) {
  return semaphore.state_->text();
}

}  // namespace asyncio
