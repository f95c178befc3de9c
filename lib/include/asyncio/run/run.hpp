#pragma once

#include <asyncio/base/context.hpp>
#include <asyncio/detail/task/future_value.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/task/task_options.hpp>
#include <optional>
#include <source_location>
#include <utility>

namespace asyncio {

/// How run() and a Runner run.
///
/// Thread:   any; a value.
/// Python:   the arguments `debug` and `loop_factory`.
class RunOptions {
 public:
  /// As each function says.
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
  /// Whether the first SIGINT cancels main, and the run then throws KeyboardInterrupt. On by
  /// default; done only on the process's main thread, and only if SIGINT has its default
  /// action. The second SIGINT ends the process.
  RunOptions& handle_sigint(bool on) {
    handle_sigint_ = on;
    return *this;
  }

 private:
  friend class Runner;
  LoopOptions loop_;
  bool handle_sigint_ = true;
};

/// Runs `main` on a fresh loop to its end, cancels and awaits whatever other tasks are left,
/// waits for the default executor's threads, and returns main's result. `where` counts as main's
/// place of creation.
///
/// Throws:   what main throws; DeadlockError, after a report to the exception handler, when
///           nothing is left that could ever wake it; KeyboardInterrupt after a SIGINT; a BaseExit
///           that left a task or a callback; RuntimeError when a loop runs on this thread.
/// Thread:   any; one loop each.
/// Python:   asyncio.run.
template <class T>
T run(Coroutine<T> main, RunOptions options = RunOptions(),
      std::source_location where = std::source_location::current());

/// One loop on which several mains run, one after the other, with one context.
///
///     Runner runner;
///     runner.run(load_settings());
///     const int status = runner.run(serve());
///
/// The loop and the context, a copy of the present one, are made by the first run() or get_loop().
/// What a main leaves behind, tasks and timers, goes on with the next.
///
/// Thread:   the one of the first run() or get_loop().
/// Python:   asyncio.Runner. The loop factory is RunOptions::loop().
class Runner {
 public:
  /// Makes nothing yet.
  explicit Runner(RunOptions options = RunOptions()) : options_(std::move(options)) {}
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  /// As close(), but an exit that clean-up throws goes to the exception handler.
  ~Runner();

  /// Runs `main` to its end and returns its result. `where` counts as its place of creation.
  ///
  /// Throws:   what main throws; DeadlockError, after a report to the exception handler, when
  ///           nothing is left that could ever wake it; KeyboardInterrupt after a SIGINT; a
  ///           BaseExit that left a task or a callback; RuntimeError when a loop runs on this
  ///           thread, and after close().
  template <class T>
  T run(Coroutine<T> main, std::source_location where = std::source_location::current());
  /// The same in `context`, in place of the Runner's own.
  template <class T>
  T run(Coroutine<T> main, const Context& context,
        std::source_location where = std::source_location::current());

  /// The loop. It lives as long as the Runner, and is closed by close().
  ///
  /// Throws:   RuntimeError after close(); std::system_error when no loop can be made.
  [[nodiscard]] EventLoop& get_loop();

  /// Cancels and awaits whatever tasks are left, closes generators, waits for the default
  /// executor's threads, and closes the loop. The second time it does nothing.
  ///
  /// Throws:   a BaseExit that clean-up throws; the loop is closed then too.
  void close();

 private:
  template <class T>
  friend T run(Coroutine<T> main, RunOptions options, std::source_location where);

  /// The loop, unless another one runs: then the error says that `caller` cannot be called.
  EventLoop& get_loop_outside(const char* caller);
  void run_until_done(const AnyTask& main);
  void run_to_end(const AnyTask& main);
  void shut_down();
  void cancel_all_tasks();
  void close_generators();
  bool cancel_or_report(const AnyTask& task);

  RunOptions options_;
  std::optional<EventLoop> loop_;
  std::optional<Context> context_;
  bool closed_ = false;
};

// ---------------------------------------------------------------------------------------------

template <class T>
T run(Coroutine<T> main, RunOptions options, std::source_location where) {
  Runner runner(std::move(options));
  EventLoop& loop = runner.get_loop_outside("asyncio.run()");
  const Task<T> task = loop.create_task(std::move(main), where);
  runner.run_to_end(task);
  task.state()->require_value();
  return detail::take_value<T>(*task.state());
}

template <class T>
T Runner::run(Coroutine<T> main, std::source_location where) {
  get_loop_outside("Runner.run()");
  return run(std::move(main), *context_, where);
}

template <class T>
T Runner::run(Coroutine<T> main, const Context& context, std::source_location where) {
  EventLoop& loop = get_loop_outside("Runner.run()");
  const Task<T> task = loop.create_task(std::move(main), TaskOptions(where).context(context));
  run_until_done(task);
  task.state()->require_value();
  return detail::take_value<T>(*task.state());
}

}  // namespace asyncio
