#pragma once

#include <asyncio/base/observer.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/descriptors.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/wakeup.hpp>
#include <asyncio/loop/exception_context.hpp>
#include <asyncio/loop/handle.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/loop/loop_options.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <source_location>
#include <string_view>
#include <type_traits>
#include <utility>

namespace asyncio {

// Forward declarations for members that the task layer defines.
template <class T>
class Coroutine;
template <class T>
class Future;
template <class T>
class Task;
class TaskOptions;

/// Runs callbacks in turns on one thread. A turn runs what is ready, then what descriptors report,
/// then the timers that are due; whatever is scheduled meanwhile runs in the next turn.
///
/// Thread:   the one that runs it, except where a function says otherwise.
/// Lifetime: futures, tasks and handles of all kinds may outlive it.
/// Python:   asyncio.BaseEventLoop.
class EventLoop {
 public:
  /// Makes a loop that does not run yet.
  ///
  /// Throws:   std::system_error when the kernel refuses a poller.
  explicit EventLoop(LoopOptions options = LoopOptions()) : core_(*this, std::move(options)) {}
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  /// Closes the loop.
  ~EventLoop() = default;

  // --- Running ---

  /// Runs turns until stop(); at least one.
  ///
  /// Throws:   RuntimeError when the loop is closed, or a loop runs on this thread already;
  ///           a BaseExit that left a callback or a task in this run, after its turn.
  void run_forever() { core_.run_forever(); }

  /// Runs until `awaitable` (a Future, a Task, or a Coroutine, which it wraps in a task) is done,
  /// and returns its result.
  ///
  /// Throws:   as run_forever(); the result's error; RuntimeError if stop() came first.
  template <class Awaitable>
  auto run_until_complete(Awaitable&& awaitable) -> typename std::decay_t<Awaitable>::value_type;

  /// Ends run_forever() after the present turn; if the loop does not run, ends the next run after
  /// its first turn.
  void stop() noexcept { core_.stop(); }

  /// On a virtual clock: runs what is ready and what falls due within `span`, one deadline after
  /// the other, with everything that follows from it; then moves time() to the end of `span`. For
  /// tests that look at a program from outside; inside one, sleep() does this.
  ///
  ///     loop.advance(10s);
  ///     EXPECT_TRUE(task.done());
  ///
  /// stop() ends it early, at the time reached. Executor threads take part in virtual time; of other
  /// threads only what they have posted already is seen.
  ///
  /// Throws:   as run_forever(); RuntimeError on the real clock.
  void advance(Duration span) { core_.advance(span); }

  /// Destroys what is scheduled and every task that is not done. Does not wait for executor
  /// threads, and refuses what they post from now on. A second call does nothing.
  ///
  /// Throws:   RuntimeError while the loop runs.
  void close() { core_.close(); }

  /// Whether a run is under way.
  [[nodiscard]] bool is_running() const noexcept { return core_.is_running(); }
  /// Whether close() has been called.
  [[nodiscard]] bool is_closed() const noexcept { return core_.is_closed(); }

  /// Reads the loop's clock, which never goes back.
  [[nodiscard]] TimePoint time() const noexcept { return core_.now(); }
  /// Whether the loop was made with ClockKind::virtual_time.
  [[nodiscard]] bool has_virtual_clock() const noexcept { return core_.has_virtual_clock(); }

  // --- Callbacks; arguments are kept by value ---

  /// Calls `function(args...)` in the next turn, after what is ready now.
  ///
  /// Throws:   RuntimeError when the loop is closed.
  /// Cost:     one allocation.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  Handle call_soon(F&& function, Args&&... args) {
    return Handle(core_.call_soon(std::forward<F>(function), std::forward<Args>(args)...));
  }

  /// Calls `function(args...)` after `delay`, never earlier. A delay of zero or less means the
  /// next turn, after everything that is ready then.
  ///
  /// Throws:   as call_soon(); ValueError for not-a-number.
  /// Cost:     one allocation; logarithmic in the number of timers.
  template <class Rep, class Period, class F, class... Args>
    requires detail::CallableNow<F, Args...>
  TimerHandle call_later(std::chrono::duration<Rep, Period> delay, F&& function, Args&&... args) {
    const TimePoint when = add_saturated(core_.now_for_timer(), to_duration(delay));
    return TimerHandle(core_.call_at(when, std::forward<F>(function), std::forward<Args>(args)...));
  }

  /// Calls `function(args...)` when time() has reached `when`.
  ///
  /// Throws:   as call_soon().
  /// Cost:     as call_later().
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  TimerHandle call_at(TimePoint when, F&& function, Args&&... args) {
    core_.forget_known_time();  // it may be older than `when`, which may be now
    return TimerHandle(core_.call_at(when, std::forward<F>(function), std::forward<Args>(args)...));
  }

  /// Does what call_soon() does, from any thread. Inside the running loop the two keep their order.
  ///
  /// Throws:   RuntimeError when the loop is closed.
  /// Thread:   any, while the loop object lives; through handle() also after that.
  /// Cost:     one allocation; one system call if the loop sleeps.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void call_soon_threadsafe(F&& function, Args&&... args) {
    if (core_.runs_here()) {
      (void)call_soon(std::forward<F>(function), std::forward<Args>(args)...);
      return;
    }
    detail::post_callback(core_.wakeup()->posts(), std::forward<F>(function),
                          std::forward<Args>(args)...);
  }

  /// Returns a handle by which other threads reach this loop. While one lives, the loop waits for
  /// what may come through it and reports no deadlock.
  [[nodiscard]] LoopHandle handle() const noexcept { return LoopHandle(core_.wakeup()); }

  // --- Descriptors and signals ---

  /// Calls `function(args...)` in every turn in which `fd` is readable; replaces an earlier reader
  /// of `fd`. Independent of a writer.
  ///
  /// Throws:   RuntimeError when the loop is closed, or if a socket of the library owns `fd`;
  ///           std::system_error naming `fd`.
  /// Lifetime: call remove_reader() before closing `fd`.
  /// Cost:     some allocations, one system call.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_reader(int fd, F&& function, Args&&... args) {
    core_.watch(fd, detail::Direction::read, std::forward<F>(function),
                std::forward<Args>(args)...);
  }
  /// Calls `function(args...)` in every turn in which `fd` is writable, as add_reader() for reading.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_writer(int fd, F&& function, Args&&... args) {
    core_.watch(fd, detail::Direction::write, std::forward<F>(function),
                std::forward<Args>(args)...);
  }
  /// Removes the reader of `fd`, even if its call is due in this turn; returns false if there is
  /// none.
  ///
  /// Throws:   std::system_error naming `fd`, if a writer is left that cannot be watched.
  /// Cost:     one system call.
  bool remove_reader(int fd) { return core_.unwatch(fd, detail::Direction::read); }
  /// Removes the writer of `fd`: the counterpart of remove_reader().
  bool remove_writer(int fd) { return core_.unwatch(fd, detail::Direction::write); }

  /// Calls `function(args...)` in the turn after signal `number` has arrived; replaces an earlier
  /// callback. Only one loop per process can handle signals.
  ///
  /// Throws:   ValueError for a signal that cannot be caught; RuntimeError when another loop
  ///           handles signals, or this one is closed.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_signal_handler(int number, F&& function, Args&&... args) {
    core_.signals().add(number,
                        core_.repeating(std::forward<F>(function), std::forward<Args>(args)...));
  }
  /// Restores the disposition that the signal had before; returns false if there is no callback.
  bool remove_signal_handler(int number) { return core_.signals().remove(number); }
  /// Whether there is a callback for signal `number`.
  [[nodiscard]] bool has_signal_handler(int number) const noexcept {
    return core_.signals().handles(number);
  }

  // --- Errors that no code awaits ---

  /// Receives errors that no code awaits. It may throw, which is reported in turn.
  using ExceptionHandler = std::function<void(EventLoop&, const ExceptionContext&)>;

  /// Sets the receiver of errors in callbacks, of task errors that were never retrieved, and the
  /// like. An empty function restores default_exception_handler().
  void set_exception_handler(ExceptionHandler handler) { exception_handler_ = std::move(handler); }
  /// Returns the handler that was set; empty for the default one.
  [[nodiscard]] const ExceptionHandler& get_exception_handler() const noexcept {
    return exception_handler_;
  }
  /// Reports to the handler. What the handler throws goes to the default one.
  void call_exception_handler(const ExceptionContext& context) noexcept;
  /// Writes one line to standard error.
  static void default_exception_handler(const ExceptionContext& context) noexcept;

  // --- Debug mode and inspection ---

  /// Turns debug mode on or off. In debug mode a call from a wrong thread, or in a process forked
  /// while the loop existed, is a RuntimeError where it can be detected, and a callback or task
  /// step that holds the loop for slow_callback_duration() or longer is reported to the exception
  /// handler.
  ///
  /// Python:   loop.set_debug; ASYNCIO_DEBUG for PYTHONASYNCIODEBUG.
  void set_debug(bool on) { core_.set_debug(on); }
  /// Whether debug mode is on.
  [[nodiscard]] bool get_debug() const noexcept { return core_.debug(); }
  /// Sets the duration from which on debug mode reports a step.
  void set_slow_callback_duration(Duration limit) noexcept {
    core_.set_slow_callback_duration(limit);
  }
  /// Returns the duration from which on debug mode reports a step; 100 ms by default.
  [[nodiscard]] Duration slow_callback_duration() const noexcept {
    return core_.slow_callback_duration();
  }

  /// Makes `observer` hear of everything that the loop and its tasks do from now on, and of tasks
  /// that exist already from their next step on; null removes it.
  void set_observer(Observer* observer) noexcept { core_.set_observer(observer); }
  /// Returns the observer that was set, or null.
  [[nodiscard]] Observer* get_observer() const noexcept { return core_.observer(); }

  /// Returns the name of the polling mechanism: "epoll", "kqueue" or "poll".
  [[nodiscard]] std::string_view backend() const noexcept { return core_.backend(); }
  /// Counts the functions that this loop has handed to executors and that have not reported back.
  [[nodiscard]] std::size_t jobs_in_flight() const noexcept { return core_.jobs_in_flight(); }

  // --- Tasks and futures of this loop, running or not ---

  /// Makes a future that is not done. Reports name `where` as its place of creation.
  ///
  /// Cost:     one allocation.
  template <class T = void>
  Future<T> create_future(std::source_location where = std::source_location::current());
  /// Makes a task on this loop, as the free create_task() does on the running one.
  ///
  /// Throws:   RuntimeError when the loop is closed, or for a coroutine that is not valid().
  /// Cost:     one allocation beside the coroutine's own.
  template <class T>
  Task<T> create_task(Coroutine<T>&& coroutine, TaskOptions options);
  /// Makes a task with default options.
  template <class T>
  Task<T> create_task(Coroutine<T>&& coroutine,
                      std::source_location where = std::source_location::current());

  /// Changes the options of each task before the task is made.
  ///
  ///     loop.set_task_factory(eager_task_factory);
  ///
  /// Python:   loop.set_task_factory; here it changes the options and makes no task itself.
  using TaskFactory = std::function<void(TaskOptions&)>;
  /// Sets the task factory; an empty function removes it.
  void set_task_factory(TaskFactory factory) { task_factory_ = std::move(factory); }
  /// Returns the task factory; empty if there is none.
  [[nodiscard]] const TaskFactory& get_task_factory() const noexcept { return task_factory_; }

  /// Accepts or refuses run_coroutine_threadsafe() from now on. A run that ends or is interrupted
  /// refuses it before anything else.
  void accept_coroutines(bool on) noexcept { core_.accept_coroutines(on); }

  /// @cond detail
  [[nodiscard]] detail::LoopCore& core() noexcept { return core_; }
  /// @endcond

 private:
  ExceptionHandler exception_handler_;
  TaskFactory task_factory_;
  detail::LoopCore core_;  // last: it closes first, and reports while it does
};

/// Returns the loop that runs on this thread.
///
/// Throws:   RuntimeError if none does.
[[nodiscard]] EventLoop& get_running_loop();

/// Returns the loop that runs on this thread, or null.
[[nodiscard]] EventLoop* find_running_loop() noexcept;

}  // namespace asyncio
