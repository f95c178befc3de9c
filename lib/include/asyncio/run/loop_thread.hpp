#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/combine/gather.hpp>
#include <asyncio/combine/task_group.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/run/run.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/thread/threadsafe.hpp>
#include <cstddef>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio {

/// A loop on a thread of its own, for a program that is not asynchronous itself.
///
///     LoopThread background;
///     const Page page = background.run(fetch(host)).result();
///
/// Thread:   any may use it; one makes, stops and destroys it.
/// Python:   no counterpart: threading.Thread(target=loop.run_forever) and what ends it.
class LoopThread {
 public:
  /// Starts the thread, and returns when its loop runs.
  ///
  /// Throws:   std::system_error when there is no thread, or no loop, to be had.
  explicit LoopThread(RunOptions options = RunOptions());
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  /// As stop(), but an error goes to standard error.
  ~LoopThread();

  /// What reaches the loop; a copy may outlive this.
  [[nodiscard]] const LoopHandle& handle() const noexcept { return *handle_; }

  /// Makes `coroutine` a task of the loop: run_coroutine_threadsafe(coroutine, handle()).
  template <class T>
  ConcurrentFuture<T> run(Coroutine<T> coroutine,
                          std::source_location where = std::source_location::current()) const {
    return run_coroutine_threadsafe(std::move(coroutine), *handle_, where);
  }

  /// Cancels and awaits the tasks that are left, as the end of run() does, closes the loop, and
  /// returns when the thread has ended. The second time it does nothing. A loop that was stopped
  /// from inside, by EventLoop::stop(), has done all that before.
  ///
  /// Throws:   the BaseExit that a task or a callback has left the loop with; RuntimeError on the
  ///           loop's own thread.
  void stop();

  /// Begins what stop() does, and does not wait for it.
  void ask_to_stop() const;

 private:
  void serve(std::promise<void> started, RunOptions options) noexcept;

  std::optional<LoopHandle> handle_;
  std::exception_ptr error_;
  std::thread thread_;
};

/// Runs `main(index)` for each index from 0 to `count` - 1, each on a loop and a thread of its own,
/// index 0 on the calling one, and returns when all have ended: with their results in order, if
/// they have any. For services that want every core: each main listens on the same port with
/// SO_REUSEPORT, and the kernel shares the connections out.
///
///     const auto main = [](std::size_t) { return serve(8080); };
///     run_on_threads(4, main);
///
/// The mains are children of a TaskGroup: the first that fails, or a SIGINT, cancels the others.
/// What one of another thread throws when it has been cancelled goes to the exception handler of
/// its loop. A main that is cancelled by anybody else counts as failed.
///
/// Throws:   as run(), but a DeadlockError for the first loop only; ExceptionGroup with the errors
///           of the mains; the BaseExit that any of them, or a callback of its loop, throws;
///           ValueError for no threads.
/// Lifetime: `main` is shared by all threads, and called on each.
/// Python:   no counterpart.
template <class F>
auto run_on_threads(std::size_t count, F main, RunOptions options = RunOptions());

// ---------------------------------------------------------------------------------------------

namespace detail {

/// The loops of all indexes but the first.
class LoopThreads {
 public:
  LoopThreads(std::size_t count, const RunOptions& options);

  [[nodiscard]] std::size_t size() const noexcept { return threads_.size(); }
  [[nodiscard]] const LoopThread& at(std::size_t index) const noexcept { return *threads_[index]; }
  /// Stops each; throws the first exit.
  void stop();

 private:
  std::vector<std::unique_ptr<LoopThread>> threads_;
};

// What these refer to lives in run_on_threads(), which waits for them.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)

template <class T, class F>
Coroutine<T> call_main(F& main, std::size_t index) {
  co_return co_await main(index);
}

template <class T>
Coroutine<T> follow_main(ConcurrentFuture<T> result) {
  co_return co_await wrap_future(std::move(result));
}

/// Throws an error where the group has not cancelled it: an exit has ended its loop, for one.
template <class T>
Coroutine<T> unless_cancelled(Coroutine<T> main, std::size_t index) {
  try {
    co_return co_await std::move(main);
  } catch (const CancelledError&) {
    if (current_task()->cancelling() > 0) throw;
    throw RuntimeError("main " + std::to_string(index) + " was cancelled");
  }
}

template <class T, class F>
Coroutine<void> start_mains(TaskGroup& group, const LoopThreads& others, F& main,
                            std::vector<Task<T>>& mains) {
  mains.push_back(group.create_task(unless_cancelled(call_main<T>(main, 0), 0)));
  for (std::size_t i = 1; i <= others.size(); ++i) {
    const ConcurrentFuture<T> result = others.at(i - 1).run(call_main<T>(main, i));
    mains.push_back(group.create_task(unless_cancelled(follow_main(result), i)));
  }
  co_return;
}

template <class T, class F>
Coroutine<GatheredVector<T>> run_mains(LoopThreads& others, F& main) {
  std::vector<Task<T>> mains;
  TaskGroup group;
  const auto start = [&](TaskGroup& open) { return start_mains<T>(open, others, main, mains); };
  co_await group.run(start);
  co_return co_await gather(std::move(mains));
}

// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)

}  // namespace detail

template <class F>
auto run_on_threads(std::size_t count, F main, RunOptions options) {
  using T = typename std::invoke_result_t<F&, std::size_t>::value_type;
  if (count == 0) throw ValueError("the count of threads must be greater than 0");
  detail::LoopThreads others(count - 1, options);
  try {
    if constexpr (std::is_void_v<T>) {
      run(detail::run_mains<T>(others, main), std::move(options));
      others.stop();
    } else {
      auto results = run(detail::run_mains<T>(others, main), std::move(options));
      others.stop();
      return results;
    }
  } catch (...) {
    others.stop();  // an exit of one of them is the reason
    throw;
  }
}

}  // namespace asyncio
