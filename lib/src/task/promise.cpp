#include <asyncio/base/call_site.hpp>
#include <asyncio/base/error.hpp>
#include <asyncio/detail/task/promise.hpp>
#include <asyncio/loop/event_loop.hpp>

namespace asyncio::detail {

void throw_already_awaited() {
  throw RuntimeError("cannot reuse already awaited coroutine");
}

void report_never_awaited(const PromiseBase& promise) noexcept {
  ExceptionContext context;
  context.created_at = call_site(promise.where());
  context.message = "coroutine '" + context.created_at.function + "' was never awaited";
  if (EventLoop* const loop = find_running_loop()) {
    loop->call_exception_handler(context);
  } else {
    EventLoop::default_exception_handler(context);
  }
}

}  // namespace asyncio::detail
