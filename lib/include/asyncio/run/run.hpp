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

/// The options of run() and Runner.
///
/// Thread:   any; an ordinary value.
/// Python:   the arguments `debug` and `loop_factory`.
class RunOptions {
 public:
  /// Sets each option to its default.
  RunOptions() = default;

  /// Selects real time (the default) or virtual time.
  RunOptions& clock(ClockKind kind) {
    loop_.clock(kind);
    return *this;
  }
  /// Turns the loop's debug mode on or off: see EventLoop::set_debug().
  RunOptions& debug(bool on) {
    loop_.debug(on);
    return *this;
  }
  /// Sets all options of the loop at once, and replaces those set before.
  RunOptions& loop(LoopOptions options) {
    loop_ = std::move(options);
    return *this;
  }
  /// Selects whether the first SIGINT cancels main and makes the run throw KeyboardInterrupt; the
  /// second SIGINT then ends the process. On by default, but takes effect only on the process's
  /// main thread, and only if SIGINT has its default action.
  RunOptions& handle_sigint(bool on) {
    handle_sigint_ = on;
    return *this;
  }

 private:
  friend class Runner;
  LoopOptions loop_;
  bool handle_sigint_ = true;
};

/// Runs `main` on a fresh loop to its end, cancels and awaits all other tasks that are left, waits
/// for the default executor's threads, and returns main's result. `where` is recorded as main's
/// place of creation.
///
/// Throws:   what main throws; DeadlockError, after a report to the exception handler, if nothing
///           is left that could ever wake main; KeyboardInterrupt after a SIGINT; a BaseExit that
///           escapes from a task or a callback; RuntimeError if a loop already runs on this
///           thread.
/// Thread:   any; one loop per thread.
/// Python:   asyncio.run.
template <class T>
T run(Coroutine<T> main, RunOptions options = RunOptions(),
      std::source_location where = std::source_location::current());

/// A loop on which several mains run, one after the other, with one context.
///
///     Runner runner;
///     runner.run(load_settings());
///     const int status = runner.run(serve());
///
/// The first call of run() or get_loop() creates the loop and the context, a copy of the current
/// one. Tasks and timers that a main leaves behind continue during the next main.
///
/// Thread:   the one that first calls run() or get_loop().
/// Python:   asyncio.Runner, with RunOptions::loop() instead of the loop factory.
class Runner {
 public:
  /// Stores the options; creates no loop yet.
  explicit Runner(RunOptions options = RunOptions()) : options_(std::move(options)) {}
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  /// Calls close(), but passes an exit that clean-up throws to the exception handler.
  ~Runner();

  /// Runs `main` to its end and returns its result. `where` is recorded as main's place of
  /// creation.
  ///
  /// Throws:   what main throws; DeadlockError, after a report to the exception handler, if
  ///           nothing is left that could ever wake main; KeyboardInterrupt after a SIGINT; a
  ///           BaseExit that escapes from a task or a callback; RuntimeError if a loop already
  ///           runs on this thread, and after close().
  template <class T>
  T run(Coroutine<T> main, std::source_location where = std::source_location::current());
  /// Runs `main` in `context` instead of the Runner's own context.
  template <class T>
  T run(Coroutine<T> main, const Context& context,
        std::source_location where = std::source_location::current());

  /// Returns the loop, which lives as long as the Runner; close() closes it.
  ///
  /// Throws:   RuntimeError after close(); std::system_error if no loop can be created.
  [[nodiscard]] EventLoop& get_loop();

  /// Cancels and awaits all tasks that are left, closes generators, waits for the default
  /// executor's threads, and closes the loop. A second call does nothing.
  ///
  /// Throws:   a BaseExit that clean-up throws; the loop is closed even then.
  void close();

 private:
  template <class T>
  friend T run(Coroutine<T> main, RunOptions options, std::source_location where);

  /// Returns the loop. Throws RuntimeError, with `caller` in its message, if a loop already runs on
  /// this thread.
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
