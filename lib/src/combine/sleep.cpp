#include <asyncio/combine/sleep.hpp>

namespace asyncio::detail {

void SleepAwaiter::suspend_until_due(PromiseBase& sleeping) {
  EventLoop& loop = *task_->loop();
  loop.arm(*this, add_saturated(loop.time(), delay_));
  queued_ = true;
  task_->wait_for(*this, sleeping);
}

void SleepAwaiter::leave_queue() noexcept {
  EventLoop& loop = *task_->loop();
  if (armed()) {
    loop.disarm(*this);
  } else {
    loop.unschedule(*this);
  }
}

void SleepAwaiter::run() noexcept {
  queued_ = false;
  if (std::exchange(ended_, true)) return;
  task_->wake();
}

bool SleepAwaiter::cancel(const std::exception_ptr& reason) {
  if (std::exchange(ended_, true)) return false;
  task_->wake_cancelled(reason);
  return true;
}

void SleepAwaiter::forget(TaskBase& /*task*/) noexcept {
  ended_ = true;
}

}  // namespace asyncio::detail
