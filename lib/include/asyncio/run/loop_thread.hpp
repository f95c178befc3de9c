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

/// A loop on its own thread, for a program that is not asynchronous itself.
///
///     LoopThread background;
///     const Page page = background.run(fetch(host)).result();
///
/// Thread:   any may use it; the thread that creates it must also stop and destroy it.
/// Python:   no counterpart; the usual idiom is threading.Thread(target=loop.run_forever), with
///           code that stops the loop.
class LoopThread {
 public:
  /// Starts the thread and returns when its loop is running.
  ///
  /// Throws:   std::system_error if no thread or no loop can be created.
  explicit LoopThread(RunOptions options = RunOptions());
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  /// Calls stop(), but writes its error to standard error instead of throwing it.
  ~LoopThread();

  /// Returns a handle that reaches the loop; a copy may outlive this object.
  [[nodiscard]] const LoopHandle& handle() const noexcept { return *handle_; }

  /// Wraps `coroutine` in a task of the loop: run_coroutine_threadsafe(coroutine, handle()).
  template <class T>
  ConcurrentFuture<T> run(Coroutine<T> coroutine,
                          std::source_location where = std::source_location::current()) const {
    return run_coroutine_threadsafe(std::move(coroutine), *handle_, where);
  }

  /// Cancels and awaits the tasks that are left, as asyncio::run() does at its end, closes the
  /// loop, and returns when the thread has ended. A second call does nothing. If EventLoop::stop()
  /// has stopped the loop from inside, the thread does all this by itself, and stop() only waits
  /// for its end.
  ///
  /// Throws:   the BaseExit with which a task or a callback ended the loop; RuntimeError on the
  ///           loop's own thread.
  void stop();

  /// Starts what stop() does, without waiting for it.
  void ask_to_stop() const;

 private:
  void serve(std::promise<void> started, RunOptions options) noexcept;

  std::optional<LoopHandle> handle_;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace asyncio
