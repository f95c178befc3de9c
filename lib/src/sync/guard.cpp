#include <asyncio/loop/event_loop.hpp>
#include <asyncio/sync/guard.hpp>

namespace asyncio::detail {

void report_failed_release(std::exception_ptr error) noexcept {
  // None runs while one closes: then frames end in any order, some between a release and the
  // acquire that was to follow, and there is nothing to report.
  EventLoop* const loop = find_running_loop();
  if (loop == nullptr) return;
  ExceptionContext context;
  context.message = "A guard found nothing to release";
  context.exception = std::move(error);
  loop->call_exception_handler(context);
}

}  // namespace asyncio::detail
