#include <asyncio/base/error.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <utility>

namespace asyncio::detail {

void throw_bound_elsewhere(const std::string& primitive) {
  throw RuntimeError(primitive + " is bound to a different event loop");
}

void report_failed_release(std::exception_ptr error) noexcept {
  // A loop that closes does not count as running. Frames then end in any order, some between a
  // release and the acquire that was to follow it, so there is nothing to report.
  EventLoop* const loop = find_running_loop();
  if (loop == nullptr) return;
  ExceptionContext context;
  context.message = "A guard found nothing to release";
  context.exception = std::move(error);
  loop->call_exception_handler(context);
}

std::string print_state(std::string_view name, std::string_view state, std::size_t waiters) {
  std::string text = "<";
  text += name;
  text += " [";
  text += state;
  if (waiters > 0) (text += ", waiters:") += std::to_string(waiters);
  return text + "]>";
}

}  // namespace asyncio::detail
