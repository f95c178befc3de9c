#include <algorithm>
#include <asyncio/detail/thread/virtual_time_scheduler.hpp>
#include <asyncio/thread/blocking_sleep.hpp>
#include <thread>

namespace asyncio {

void blocking_sleep(Duration span) {
  span = std::max(span, Duration::zero());  // even a sleep of zero lets other workers run
  detail::Worker* const worker = detail::current_worker();
  if (worker == nullptr) {
    std::this_thread::sleep_until(detail::real_deadline(span));
    return;
  }
  detail::VirtualTimeScheduler& scheduler = *worker->scheduler();
  if (!scheduler.is_turn_of(*worker)) return;  // the loop is gone, and so is its clock
  worker->arm_at(add_saturated(scheduler.core().now(), span));
  (void)scheduler.pause(*worker);
}

}  // namespace asyncio
