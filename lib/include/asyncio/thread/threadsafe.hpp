#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <asyncio/detail/thread/completion_state.hpp>
#include <asyncio/detail/thread/job.hpp>
#include <asyncio/detail/thread/loop_jobs.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

namespace asyncio {

/// A result that another thread's loop will have: what run_coroutine_threadsafe() returns.
///
/// Thread:   any; result() and exception() block, so not one that runs a loop: a coroutine waits
///           with wrap_future().
/// Lifetime: may outlive the loop.
/// Python:   concurrent.futures.Future.
template <class T>
class ConcurrentFuture {
 public:
  /// @cond detail
  explicit ConcurrentFuture(std::shared_ptr<detail::ResultState<T>> result)
      : result_(result.get(), [kept = result](auto*) { kept->lose_interest(); }) {}
  /// @endcond

  /// Whether result() would return at once.
  [[nodiscard]] bool done() const { return result_->over(); }
  /// Whether it was cancelled, and so is done.
  [[nodiscard]] bool cancelled() const { return result_->cancelled(); }

  /// Blocks until the coroutine has ended, for `timeout` at most, and gives its result: a copy,
  /// or, where T cannot be copied, T itself to the first caller.
  ///
  /// Throws:   what the coroutine threw; CancelledError when it was cancelled, refused by a
  ///           loop that is shutting down, or destroyed with its loop; TimeoutError, and then the
  ///           coroutine goes on, and this may be called again.
  T result(std::optional<Duration> timeout = std::nullopt) const {
    if (const std::exception_ptr& error = wait(timeout)) std::rethrow_exception(error);
    if constexpr (std::is_void_v<T>) {
      return;
    } else if constexpr (std::is_reference_v<T>) {
      return *result_->value();
    } else if constexpr (detail::IsCopyable<T>::value) {
      return result_->value();
    } else {
      return std::move(result_->value());
    }
  }

  /// The same for what the coroutine threw; empty if it has a result.
  ///
  /// Throws:   CancelledError and TimeoutError, as result().
  [[nodiscard]] std::exception_ptr exception(std::optional<Duration> timeout = std::nullopt) const {
    const std::exception_ptr& error = wait(timeout);
    if (cancelled()) std::rethrow_exception(error);
    return error;
  }

  /// Ends it with CancelledError at once, and cancels the task on its loop. Returns whether it is
  /// cancelled: false when it has ended with a result or an error.
  ///
  /// Cost:     an allocation; one system call if the loop sleeps.
  bool cancel() const { return result_->cancel(); }

 private:
  template <class U>
  friend Future<U> wrap_future(ConcurrentFuture<U> source);

  [[nodiscard]] const std::exception_ptr& wait(std::optional<Duration> timeout) const {
    if (!result_->wait(timeout)) throw TimeoutError();
    return result_->error();
  }

  std::shared_ptr<detail::ResultState<T>> result_;
};

/// Makes `coroutine` a task of another thread's loop.
///
/// A loop whose run() has been interrupted or has ended takes no more: the result is then
/// CancelledError.
///
/// Thread:   any; on the loop's own, result() would wait for ever, and wrap_future() does not.
/// Throws:   RuntimeError when the loop is closed. What the loop's task factory throws is the
///           result, and its exception handler hears of it.
/// Cancel:   a cancel of the task reaches the thread as CancelledError, and a cancel of what is
///           returned the task.
/// Cost:     some allocations beside the task; one system call if the loop sleeps.
/// Python:   asyncio.run_coroutine_threadsafe.
template <class T>
ConcurrentFuture<T> run_coroutine_threadsafe(
    Coroutine<T> coroutine, const LoopHandle& loop,
    std::source_location where = std::source_location::current()) {
  auto result = std::make_shared<detail::ResultState<T>>(loop);
  ConcurrentFuture<T> future(result);
  loop.call_soon_threadsafe(detail::Submission<T>(
      std::move(coroutine), detail::ResultPromise<T>(std::move(result)), where));
  return future;
}

/// A future of the running loop that ends as `source` does, which another thread's loop ends.
/// Of a result that cannot be copied this is the one caller who gets it.
///
/// Throws:   RuntimeError when no loop runs.
/// Cancel:   a cancel of the future cancels `source`, unless that is over.
/// Cost:     some allocations; the end costs what call_soon_threadsafe() costs.
/// Python:   asyncio.wrap_future.
template <class T>
Future<T> wrap_future(ConcurrentFuture<T> source) {
  EventLoop& loop = get_running_loop();
  const Future<T> future = loop.create_future<T>();
  future.add_done_callback([source](const AnyFuture& done) {
    if (done.cancelled()) source.cancel();
  });
  auto take = [source]() -> T { return source.result(); };
  auto job = std::make_unique<detail::JobOf<T, decltype(take)>>(
      loop.core(), future, std::move(take), detail::CancelledJob::is_cancelled);
  loop.core().service<detail::LoopJobs>().submit_when_over(std::move(job), *source.result_);
  return future;
}

/// A future of a loop is given back as it is.
template <class T>
Future<T> wrap_future(Future<T> future) {
  return future;
}

}  // namespace asyncio
