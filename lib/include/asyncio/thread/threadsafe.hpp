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

/// A future for the result of a coroutine on another thread's loop, returned by
/// run_coroutine_threadsafe().
///
/// Thread:   any. result() and exception() block, so do not call them on a thread that runs a loop;
///           in a coroutine, await wrap_future() instead.
/// Lifetime: may outlive the loop.
/// Python:   concurrent.futures.Future.
template <class T>
class ConcurrentFuture {
 public:
  /// @cond detail
  explicit ConcurrentFuture(std::shared_ptr<detail::ResultState<T>> result)
      : result_(result.get(), [kept = result](auto*) { kept->lose_interest(); }) {}
  /// @endcond

  /// Returns whether result() would return without blocking.
  [[nodiscard]] bool done() const { return result_->done(); }
  /// Returns whether the future was cancelled, and is therefore done.
  [[nodiscard]] bool cancelled() const { return result_->cancelled(); }

  /// Blocks until the coroutine has ended, but at most for `timeout`, and returns its result: a
  /// copy or, if T cannot be copied, the value itself, which only the first caller gets.
  ///
  /// Throws:   what the coroutine threw; CancelledError if the coroutine was cancelled, refused
  ///           by a loop that is shutting down, or destroyed with its loop; TimeoutError after
  ///           `timeout`. The coroutine then keeps running, and result() may be called again.
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

  /// Blocks like result() and returns what the coroutine threw; null if it has a result.
  ///
  /// Throws:   CancelledError and TimeoutError, like result().
  [[nodiscard]] std::exception_ptr exception(std::optional<Duration> timeout = std::nullopt) const {
    const std::exception_ptr& error = wait(timeout);
    if (cancelled()) std::rethrow_exception(error);
    return error;
  }

  /// Ends the future with CancelledError at once and cancels the task on its loop. Returns whether
  /// the future is cancelled: false if it has already ended with a result or an error.
  ///
  /// Cost:     one allocation; one system call if the loop sleeps.
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

/// Wraps `coroutine` in a task of another thread's loop and returns a future for its result.
///
/// A loop whose run() has been interrupted or has ended accepts no more coroutines; the result is
/// then CancelledError.
///
/// Throws:   RuntimeError if the loop is closed. An error of the loop's task factory is not thrown
///           here: it becomes the result and also goes to the loop's exception handler.
/// Cancel:   a cancel of the task ends the returned future with CancelledError; a cancel of the
///           returned future cancels the task.
/// Thread:   any. On the loop's own thread, result() would block forever; use wrap_future() there.
/// Cost:     some allocations in addition to the task; one system call if the loop sleeps.
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

/// Returns a future of the running loop that ends as `source` does. A result that cannot be copied
/// is moved into the returned future, so no other caller can get it from `source`.
///
/// Throws:   RuntimeError if no loop is running.
/// Cancel:   a cancel of the returned future cancels `source`, unless `source` is done.
/// Cost:     some allocations; at the end of `source`, the cost of a call_soon_threadsafe().
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
  loop.core().service<detail::LoopJobs>().submit_when_done(std::move(job), *source.result_);
  return future;
}

/// Returns `future` unchanged, because it already belongs to a loop.
template <class T>
Future<T> wrap_future(Future<T> future) {
  return future;
}

}  // namespace asyncio
