#pragma once

#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/run/run.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/thread/threadsafe.hpp>
#include <exception>
#include <future>
#include <optional>
#include <source_location>
#include <thread>
#include <utility>

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

}  // namespace asyncio
