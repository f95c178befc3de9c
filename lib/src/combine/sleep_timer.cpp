#include <asyncio/detail/combine/sleep_timer.hpp>

namespace asyncio::detail {

void SleepTimer::sleep(PromiseBase& leaf) {
  LoopCore& core = leaf.task()->core();
  core.arm(*this, add_saturated(core.now_for_timer(), delay_));
  suspend(leaf);
}

}  // namespace asyncio::detail
