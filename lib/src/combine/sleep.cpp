#include <asyncio/combine/sleep.hpp>

namespace asyncio::detail {

void SleepTimer::suspend(PromiseBase& sleeping, Duration delay) {
  EventLoop& loop = *task_.loop();
  loop.arm(*this, add_saturated(loop.time_of_arming(), delay));
  task_.wait_for(*this, sleeping);
}

SleepTimer::~SleepTimer() {
  if (armed()) task_.loop()->disarm(*this);
}

void SleepTimer::run() noexcept {
  if (std::exchange(ended_, true)) return;
  task_.wake();
}

bool SleepTimer::cancel(const std::exception_ptr& reason) {
  if (std::exchange(ended_, true)) return false;
  task_.wake_cancelled(reason);
  return true;
}

void SleepTimer::forget(TaskBase& /*task*/) noexcept {
  ended_ = true;
}

}  // namespace asyncio::detail
