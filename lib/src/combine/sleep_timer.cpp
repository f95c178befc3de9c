#include <asyncio/detail/combine/sleep_timer.hpp>
#include <type_traits>

namespace asyncio::detail {

static_assert(std::is_trivially_destructible_v<SleepTimer>);

void SleepTimer::sleep(PromiseBase& leaf) {
  LoopCore& core = leaf.task()->core();
  core.arm(*this, add_saturated(core.now_for_timer(), delay_));
  suspend(leaf);
}

bool SleepTimer::cancel(const std::exception_ptr& reason) {
  if (!FrameWait::cancel(reason)) return false;
  task().core().disarm(*this);
  return true;
}

void SleepTimer::forget(TaskBase& task) noexcept {
  FrameWait::forget(task);
  task.core().disarm(*this);
}

}  // namespace asyncio::detail
