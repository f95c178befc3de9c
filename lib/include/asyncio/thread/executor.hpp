#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/thread/job.hpp>
#include <asyncio/detail/thread/loop_jobs.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace asyncio {

/// A pool of threads that runs blocking functions for event loops. It starts a thread when there is
/// work and no thread is free, up to a limit; further work waits, first come, first served.
///
/// Thread:   any.
/// Lifetime: the destructor waits for the work that has been submitted.
/// Python:   concurrent.futures.ThreadPoolExecutor.
class ThreadPoolExecutor {
 public:
  /// Returns Python's default for the number of threads: the processor's cores plus four, at most
  /// 32.
  [[nodiscard]] static std::size_t default_worker_count() noexcept;

  /// Limits the pool to `max_workers` threads; starts none yet.
  ///
  /// Throws:   ValueError if `max_workers` is zero.
  explicit ThreadPoolExecutor(std::size_t max_workers = default_worker_count());
  ThreadPoolExecutor(const ThreadPoolExecutor&) = delete;
  ThreadPoolExecutor& operator=(const ThreadPoolExecutor&) = delete;
  /// Calls shutdown(true).
  ~ThreadPoolExecutor();

  /// Returns the maximum number of threads.
  [[nodiscard]] std::size_t max_workers() const noexcept;

  /// Stops accepting work. Work that has been submitted still runs. With `wait`, returns when that
  /// work is done and the threads have ended, except for the calling thread if it is one of them.
  /// If a loop on a virtual clock waits here for its own work, the loop stands still and the work
  /// advances its time.
  void shutdown(bool wait) noexcept;

  /// @cond detail
  /// Runs `item.work()` once, on one of the threads. The pool does not own the item.
  ///
  /// Throws:   RuntimeError after shutdown(); std::system_error if no thread can be started.
  void submit(detail::WorkItem& item);
  /// @endcond

 private:
  class Pool;

  void finish_jobs_in_virtual_time() noexcept;

  std::shared_ptr<Pool> pool_;
};

/// Submits `function(args...)` to the running loop's default executor at once and returns a future
/// for its result. The function and its arguments are stored by value.
///
/// Throws:   RuntimeError if no loop is running, or if its default executor has been shut down.
/// Cancel:   ends the future at once. A function that has begun keeps running, and its result or
///           error is dropped; a function that has not begun is never called.
/// Cost:     two thread switches, about 7 us.
/// Python:   loop.run_in_executor(None, ...).
template <class F, class... Args>
auto run_in_executor(F&& function, Args&&... args);

/// Submits `function(args...)` to `executor`, which must outlive the call of the function.
template <class F, class... Args>
auto run_in_executor(ThreadPoolExecutor& executor, F&& function, Args&&... args);

/// Makes `executor` the default executor of `loop`, which takes ownership. Work that has been
/// submitted to the previous default executor still runs there.
///
/// Throws:   ValueError if `executor` is null; RuntimeError if the loop is closed, or if its
///           default executor has been shut down.
/// Python:   loop.set_default_executor.
void set_default_executor(EventLoop& loop, std::unique_ptr<ThreadPoolExecutor> executor);

/// Waits until the running loop's default executor has finished its work, then ends its threads.
/// The executor accepts no more work. If work is left after `timeout`, reports that to the
/// exception handler and stops waiting; run() does not wait for that work either. The work keeps
/// running, and its results are dropped once the loop is closed.
///
/// Cancel:   stops waiting.
/// Python:   loop.shutdown_default_executor(). Here, run() waits without a limit instead of for
///           300 s, because the functions may use objects that the caller of run() owns.
Coroutine<void> shutdown_default_executor(std::optional<Duration> timeout = std::nullopt);

// ----------------------------------------------------------------------------------------

template <class F, class... Args>
auto run_in_executor(F&& function, Args&&... args) {
  return detail::start_job(nullptr, std::forward<F>(function), std::forward<Args>(args)...);
}

template <class F, class... Args>
auto run_in_executor(ThreadPoolExecutor& executor, F&& function, Args&&... args) {
  return detail::start_job(&executor, std::forward<F>(function), std::forward<Args>(args)...);
}

}  // namespace asyncio
