#include <asyncio/base/error.hpp>
#include <asyncio/detail/loop/task_registry.hpp>
#include <asyncio/detail/task/task_support.hpp>
#include <asyncio/task/await_graph.hpp>

namespace asyncio::detail {

void check_belongs_to(const AnyFuture& future, const EventLoop& loop) {
  if (future.checked().loop() == &loop) return;
  throw ValueError(
      "The future belongs to a different loop than the one specified as the loop argument");
}

namespace {

/// A detector of deadlocks: while it exists, the loop notices if `future` can never be done.
class DeadlockDetector {
 public:
  DeadlockDetector(EventLoop& loop, const AnyFuture& future) : registry_(loop.core().tasks()) {
    registry_.on_deadlock = [&loop, future] { return report_deadlock(loop, future); };
  }
  DeadlockDetector(const DeadlockDetector&) = delete;
  DeadlockDetector& operator=(const DeadlockDetector&) = delete;
  ~DeadlockDetector() { registry_.on_deadlock = nullptr; }

 private:
  static std::exception_ptr report_deadlock(EventLoop& loop, const AnyFuture& future) {
    const DeadlockError error(
        "deadlock: nothing is left that could wake " + future.state()->describe(),
        describe_waits(loop));
    ExceptionContext context;
    context.message = error.what() + ("\n" + error.report());
    loop.call_exception_handler(context);
    return std::make_exception_ptr(error);
  }

  TaskRegistry& registry_;
};

}  // namespace

void run_until_done(EventLoop& loop, const AnyFuture& future, bool own_task) {
  const DeadlockDetector detector(loop, future);
  const auto stop_loop = future.add_done_callback([&loop](const AnyFuture& done) {
    // An exit ends the run by itself.
    if (!done.cancelled() && is_exit(done.state()->error_or_cancel())) return;
    loop.stop();
  });
  try {
    loop.run_forever();
  } catch (...) {
    future.remove_done_callback(stop_loop);
    if (own_task && future.done()) future.state()->mark_retrieved();
    throw;
  }
  future.remove_done_callback(stop_loop);
  if (!future.done()) throw RuntimeError("Event loop stopped before Future completed.");
}

}  // namespace asyncio::detail
