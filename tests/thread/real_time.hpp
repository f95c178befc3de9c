#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "support/async_test.hpp"

namespace asyncio::test {

/// Runs `main` on the system's clock. A report to the loop's exception handler fails the test.
template <class T>
T run_real(Coroutine<T> main) {
  RunOptions options;
  options.handle_sigint(false);
  return run(detail::without_reports(std::move(main)), std::move(options));
}

/// A gate that is closed until open() opens it for good.
///
/// Thread:   any.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

/// A loop that runs on its own thread until stop().
class ForeverThread {
 public:
  ForeverThread() : thread_([this] { loop_.run_forever(); }) {}
  ForeverThread(const ForeverThread&) = delete;
  ForeverThread& operator=(const ForeverThread&) = delete;
  ~ForeverThread() { stop(); }

  [[nodiscard]] LoopHandle handle() const noexcept { return loop_.handle(); }

  void stop() {
    if (!thread_.joinable()) return;
    loop_.call_soon_threadsafe([this] { loop_.stop(); });
    thread_.join();
  }
  /// REQUIRES: the loop has stopped.
  [[nodiscard]] EventLoop& loop() noexcept { return loop_; }

 private:
  EventLoop loop_;
  std::thread thread_;
};

/// Throws in a worker.
inline int throw_no_luck() {
  throw std::runtime_error("no luck");
}

/// Waits to be cancelled, and records its beginning, its ending and its clean-up.
inline Coroutine<int> wait_and_note(Trace& trace) {
  trace.emplace_back("begun");
  trace.push_back(co_await ending_of(for_ever()));
  co_await sleep(0s);
  trace.emplace_back("cleaned up");
  throw CancelledError("of the task");
}

/// Lets ending tasks end, then counts the tasks of the running loop, including the calling one.
inline Coroutine<std::size_t> count_tasks_left() {
  co_await pass(5);
  co_return all_tasks().size();
}

/// Polls `condition` until it holds, for at most ten seconds; returns whether it holds.
template <class Condition>
bool comes_true(Condition condition) {
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(100us);
  }
  return true;
}

}  // namespace asyncio::test
