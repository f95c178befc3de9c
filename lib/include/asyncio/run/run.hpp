#pragma once

#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task.hpp>
#include <utility>

namespace asyncio {

/// How run() runs.
class RunOptions {
 public:
  RunOptions() = default;

  /// Real time (the default) or virtual time.
  RunOptions& clock(ClockKind kind) {
    loop_.clock(kind);
    return *this;
  }
  /// Whether the loop is in debug mode: see EventLoop::set_debug().
  RunOptions& debug(bool on) {
    loop_.debug(on);
    return *this;
  }
  /// How the loop is made, in full.
  RunOptions& loop(LoopOptions options) {
    loop_ = std::move(options);
    return *this;
  }
  /// Whether the first SIGINT cancels main, and run() then throws KeyboardInterrupt. On by
  /// default; done only on the process's main thread, and only if SIGINT has its default
  /// action. The second SIGINT ends the process.
  RunOptions& handle_sigint(bool on) {
    handle_sigint_ = on;
    return *this;
  }

 private:
  friend class MainRun;
  LoopOptions loop_;
  bool handle_sigint_ = true;
};

/// One run(): a loop, main on it, and the orderly end of both. For run() itself.
class MainRun {
 public:
  explicit MainRun(RunOptions options);

  [[nodiscard]] EventLoop& loop() noexcept { return loop_; }

  /// Runs until `main` is done, then ends everything else and closes the loop.
  void run_to_end(const AnyTask& main);

 private:
  void run_until_done(const AnyTask& main);
  void shut_down();
  void cancel_all_tasks();
  void close_generators();
  bool cancel_or_report(const AnyTask& task);

  bool handle_sigint_;
  EventLoop loop_;
};

/// Runs `main` on a fresh loop to its end, cancels and awaits whatever other tasks are left,
/// waits for the default executor's threads, and returns main's result.
///
/// Throws:   what main throws; DeadlockError, after a report to the exception handler, when
///           nothing is left that could ever wake it; KeyboardInterrupt after a SIGINT; a BaseExit
///           that left a task or a callback; RuntimeError when a loop runs on this thread.
/// Thread:   any; one loop each.
/// Python:   asyncio.run.
template <class T>
T run(Coroutine<T> main, RunOptions options = RunOptions()) {
  MainRun run(std::move(options));
  Task<T> task = run.loop().create_task(std::move(main));
  run.run_to_end(task);
  task.state()->require_value();
  return task.take_value();
}

}  // namespace asyncio
