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

/// Threads that run blocking functions for event loops. A thread is started when there is work
/// and none is free, up to a limit; work beyond that waits, first come, first served.
///
/// Thread:   any.
/// Lifetime: the destructor waits for the work that has been handed over.
/// Python:   concurrent.futures.ThreadPoolExecutor.
class ThreadPoolExecutor {
 public:
  /// As many threads as Python's default: the processor's cores and four more, 32 at most.
  [[nodiscard]] static std::size_t default_worker_count() noexcept;

  /// With so many threads at most; it starts none yet.
  ///
  /// Throws:   ValueError for no workers.
  explicit ThreadPoolExecutor(std::size_t max_workers = default_worker_count());
  ThreadPoolExecutor(const ThreadPoolExecutor&) = delete;
  ThreadPoolExecutor& operator=(const ThreadPoolExecutor&) = delete;
  /// As shutdown(true).
  ~ThreadPoolExecutor();

  /// How many threads it has at most.
  [[nodiscard]] std::size_t max_workers() const noexcept;

  /// Takes no more work. What has been handed over still runs; with `wait`, returns when it
  /// has and the threads have ended, but for the one that calls this, if it is one of them. A loop
  /// on a virtual clock that waits here for its own work stands still, but its time goes on with
  /// that.
  void shutdown(bool wait) noexcept;

  /// @cond detail
  /// Runs `item.work()` on one of the threads, once; the item looks after itself.
  ///
  /// Throws:   RuntimeError after shutdown(); std::system_error when no thread can be had.
  void submit(detail::WorkItem& item);
  /// @endcond

 private:
  class Pool;

  void finish_jobs_in_virtual_time() noexcept;

  std::shared_ptr<Pool> pool_;
};

/// Runs `function(args...)` on the running loop's default executor, at once, and gives a
/// future for its result. The function and its arguments are kept by value.
///
/// Throws:   RuntimeError when no loop runs, or its default executor has been shut down.
/// Cancel:   the future is cancelled at once; a function that has begun runs on, and its
///           result or error is dropped; one that has not begun is not called.
/// Cost:     two thread switches, about 7 us.
/// Python:   loop.run_in_executor(None, ...).
template <class F, class... Args>
auto run_in_executor(F&& function, Args&&... args);

/// The same on `executor`, which must outlive the call of the function.
template <class F, class... Args>
auto run_in_executor(ThreadPoolExecutor& executor, F&& function, Args&&... args);

/// Makes `executor` the default one of `loop`, which owns it from now on. What has been handed to
/// the one before still runs there.
///
/// Throws:   ValueError for none; RuntimeError when the loop is closed, or its default executor
///           has been shut down.
/// Python:   loop.set_default_executor.
void set_default_executor(EventLoop& loop, std::unique_ptr<ThreadPoolExecutor> executor);

/// Waits for what the running loop's default executor is doing, and ends its threads. Nothing
/// can be handed to it any more. With `timeout`, the exception handler is told of what is not
/// done by then, and nobody waits for it any more, run() neither: it goes on alone, and its
/// result is dropped once the loop is closed.
///
/// Cancel:   stops waiting.
/// Python:   loop.shutdown_default_executor(). run() waits without limit here, not for 300 s: the
///           functions may use what the caller of run() owns.
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
