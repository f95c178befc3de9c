#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/standard_error.hpp>
#include <asyncio/detail/loop/running_loop.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <utility>

namespace asyncio {

EventLoop& get_running_loop() {
  EventLoop* const loop = find_running_loop();
  if (loop == nullptr) throw RuntimeError("no running event loop");
  return *loop;
}

EventLoop* find_running_loop() noexcept {
  detail::LoopCore* const core = detail::running_loop();
  return core != nullptr ? &core->loop() : nullptr;
}

void EventLoop::call_exception_handler(const ExceptionContext& context) noexcept {
  if (!exception_handler_) {
    default_exception_handler(context);
    return;
  }
  std::exception_ptr error;
  try {
    const ExceptionHandler handler = exception_handler_;  // a copy: it may replace itself
    handler(*this, context);
  } catch (...) {
    error = std::current_exception();
  }
  if (!error) return;
  if (is_exit(error)) {
    core_.leave_with(std::move(error));
    return;
  }
  default_exception_handler(context);
  ExceptionContext about_handler;
  about_handler.message = "Unhandled error in exception handler";
  about_handler.exception = std::move(error);
  default_exception_handler(about_handler);
}

void EventLoop::default_exception_handler(const ExceptionContext& context) noexcept {
  try {
    std::string line = "asyncio: " + context.message;
    const std::string created_at = to_string(context.created_at);
    if (!context.task_name.empty()) {
      const std::string where = created_at.empty() ? "" : ", made in " + created_at;
      line += " (" + context.task_name + where + ")";
    } else if (!created_at.empty()) {
      line += " (made in " + created_at + ")";
    }
    if (context.exception) line += ": " + describe(context.exception);
    line += '\n';
    detail::write_to_stderr(line);
  } catch (...) {
    detail::write_to_stderr("asyncio: an error could not be reported: out of memory\n");
  }
}

}  // namespace asyncio
