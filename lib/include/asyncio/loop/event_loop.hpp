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

/// A loop that runs callbacks in turns on one thread. A turn runs the callbacks that are ready,
/// then those of descriptors with events, then timers that are due. Callbacks scheduled meanwhile
/// run in the next turn.
///
/// Thread:   the one that runs the loop, except where a function says otherwise.
/// Lifetime: futures, tasks and all kinds of handles may outlive it.
/// Python:   asyncio.BaseEventLoop.
class EventLoop {
 public:
  /// Creates a loop that is not running.
  ///
  /// Throws:   std::system_error if the kernel refuses a poller.
  explicit EventLoop(LoopOptions options = LoopOptions()) : core_(*this, std::move(options)) {}
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  /// Closes the loop.
  ~EventLoop() = default;

  // --- Running ---

  /// Runs turns until stop() is called; runs at least one.
  ///
  /// Throws:   RuntimeError if the loop is closed or a loop is already running on this thread;
  ///           a BaseExit that left a callback or a task in this run, at the end of that turn.
  void run_forever() { core_.run_forever(); }

  /// Runs until `awaitable` (a Future, a Task, or a Coroutine, which it wraps in a task) is done,
  /// and returns its result.
  ///
  /// Throws:   like run_forever(); the result's error; RuntimeError if stop() came first.
  template <class Awaitable>
  auto run_until_complete(Awaitable&& awaitable) -> typename std::decay_t<Awaitable>::value_type;

  /// Ends run_forever() after the current turn. If the loop is not running, its next run ends after
  /// one turn.
  void stop() noexcept { core_.stop(); }

  /// Advances a virtual clock by `span`. Runs what is ready and what falls due meanwhile, one
  /// deadline after another, with everything that follows from it. Meant for tests that observe a
  /// program from outside; inside a program, sleep() does this.
  ///
  ///     loop.advance(10s);
  ///     EXPECT_TRUE(task.done());
  ///
  /// stop() ends it early, at the time reached. Executor threads take part in virtual time. From
  /// other threads, it sees only what they have already posted.
  ///
  /// Throws:   like run_forever(); RuntimeError on the real clock.
  void advance(Duration span) { core_.advance(span); }

  /// Closes the loop: destroys its scheduled callbacks and all tasks that are not done. Does not
  /// wait for executor threads, and refuses their later posts. A second call does nothing.
  ///
  /// Throws:   RuntimeError if the loop is running.
  void close() { core_.close(); }

  /// Returns whether the loop is running.
  [[nodiscard]] bool is_running() const noexcept { return core_.is_running(); }
  /// Returns whether close() has been called.
  [[nodiscard]] bool is_closed() const noexcept { return core_.is_closed(); }

  /// Returns the time on the loop's clock, which never goes back.
  [[nodiscard]] TimePoint time() const noexcept { return core_.now(); }
  /// Returns whether the loop was created with ClockKind::virtual_time.
  [[nodiscard]] bool has_virtual_clock() const noexcept { return core_.has_virtual_clock(); }

  // --- Callbacks; arguments are stored by value ---

  /// Calls `function(args...)` in the next turn, after everything that is ready now.
  ///
  /// Throws:   RuntimeError if the loop is closed.
  /// Cost:     one allocation.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  Handle call_soon(F&& function, Args&&... args) {
    return Handle(core_.call_soon(std::forward<F>(function), std::forward<Args>(args)...));
  }

  /// Calls `function(args...)` after `delay`, never earlier. A delay of zero or less means the next
  /// turn, after everything that is ready then.
  ///
  /// Throws:   like call_soon(); ValueError if `delay` is not a number.
  /// Cost:     one allocation; logarithmic in the number of timers.
  template <class Rep, class Period, class F, class... Args>
    requires detail::CallableNow<F, Args...>
  TimerHandle call_later(std::chrono::duration<Rep, Period> delay, F&& function, Args&&... args) {
    const TimePoint when = add_saturated(core_.now_for_timer(), to_duration(delay));
    return TimerHandle(core_.call_at(when, std::forward<F>(function), std::forward<Args>(args)...));
  }

  /// Calls `function(args...)` as soon as time() has reached `when`.
  ///
  /// Throws:   like call_soon().
  /// Cost:     like call_later().
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  TimerHandle call_at(TimePoint when, F&& function, Args&&... args) {
    core_.forget_known_time();  // the cached time may be older than `when`
    return TimerHandle(core_.call_at(when, std::forward<F>(function), std::forward<Args>(args)...));
  }

  /// Does what call_soon() does, from any thread. On the loop's thread, the two keep their order.
  ///
  /// Throws:   RuntimeError if the loop is closed.
  /// Thread:   any, as long as the loop exists; through handle(), also after that.
  /// Cost:     one allocation; one system call if the loop is asleep.
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

  /// Returns a handle through which other threads can reach this loop. While a handle exists, the
  /// loop waits for posts and reports no deadlock.
  [[nodiscard]] LoopHandle handle() const noexcept { return LoopHandle(core_.wakeup()); }

  // --- Descriptors and signals ---

  /// Calls `function(args...)` in every turn in which `fd` is readable. Replaces an earlier reader
  /// of `fd`. Readers and writers are independent.
  ///
  /// Throws:   RuntimeError if the loop is closed or a socket of the library owns `fd`;
  ///           std::system_error naming `fd`.
  /// Lifetime: call remove_reader() before closing `fd`.
  /// Cost:     a few allocations, one system call.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_reader(int fd, F&& function, Args&&... args) {
    core_.watch(fd, detail::Direction::read, std::forward<F>(function),
                std::forward<Args>(args)...);
  }
  /// Calls `function(args...)` in every turn in which `fd` is writable. See add_reader().
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_writer(int fd, F&& function, Args&&... args) {
    core_.watch(fd, detail::Direction::write, std::forward<F>(function),
                std::forward<Args>(args)...);
  }
  /// Removes the reader of `fd`, even if it is due in this turn. Returns false if there is none.
  ///
  /// Throws:   std::system_error naming `fd` if it still has a writer and can no longer be watched.
  /// Cost:     one system call.
  bool remove_reader(int fd) { return core_.unwatch(fd, detail::Direction::read); }
  /// Removes the writer of `fd`. See remove_reader().
  bool remove_writer(int fd) { return core_.unwatch(fd, detail::Direction::write); }

  /// Calls `function(args...)` in the turn after signal `number` has arrived. Replaces an earlier
  /// callback. Only one loop per process can handle signals.
  ///
  /// Throws:   ValueError if the signal cannot be caught; RuntimeError if another loop handles
  ///           signals or this one is closed.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_signal_handler(int number, F&& function, Args&&... args) {
    core_.signals().add(number,
                        core_.repeating(std::forward<F>(function), std::forward<Args>(args)...));
  }
  /// Restores the signal's earlier disposition. Returns false if the signal has no callback.
  bool remove_signal_handler(int number) { return core_.signals().remove(number); }
  /// Returns whether signal `number` has a callback.
  [[nodiscard]] bool has_signal_handler(int number) const noexcept {
    return core_.signals().handles(number);
  }

  // --- Unhandled errors ---

  /// A function that receives unhandled errors. Errors that it throws are reported, too.
  using ExceptionHandler = std::function<void(EventLoop&, const ExceptionContext&)>;

  /// Sets the function that receives errors of callbacks, errors of tasks that were never
  /// retrieved, and the like. An empty function restores default_exception_handler().
  void set_exception_handler(ExceptionHandler handler) { exception_handler_ = std::move(handler); }
  /// Returns the handler that was set; empty if there is none.
  [[nodiscard]] const ExceptionHandler& get_exception_handler() const noexcept {
    return exception_handler_;
  }
  /// Passes `context` to the handler. If that throws, the default handler reports both errors.
  void call_exception_handler(const ExceptionContext& context) noexcept;
  /// Writes `context` to standard error, as one line.
  static void default_exception_handler(const ExceptionContext& context) noexcept;

  // --- Debug mode and inspection ---

  /// Turns debug mode on or off. In debug mode, a call from the wrong thread, or in a process
  /// forked while the loop existed, throws RuntimeError where that can be detected. A callback or
  /// task step that holds the loop for slow_callback_duration() or longer is reported to the
  /// exception handler.
  ///
  /// Python:   loop.set_debug; ASYNCIO_DEBUG takes the place of PYTHONASYNCIODEBUG.
  void set_debug(bool on) { core_.set_debug(on); }
  /// Returns whether debug mode is on.
  [[nodiscard]] bool get_debug() const noexcept { return core_.debug(); }
  /// Sets the shortest duration of a step that debug mode reports.
  void set_slow_callback_duration(Duration limit) noexcept {
    core_.set_slow_callback_duration(limit);
  }
  /// Returns the shortest duration of a step that debug mode reports; 100 ms by default.
  [[nodiscard]] Duration slow_callback_duration() const noexcept {
    return core_.slow_callback_duration();
  }

  /// Attaches `observer`: it follows everything that the loop and its tasks do from now on, and
  /// existing tasks from their next step on. Null detaches the observer.
  void set_observer(Observer* observer) noexcept { core_.set_observer(observer); }
  /// Returns the attached observer, or null.
  [[nodiscard]] Observer* get_observer() const noexcept { return core_.observer(); }

  /// Returns the name of the polling mechanism: "epoll", "kqueue" or "poll".
  [[nodiscard]] std::string_view backend() const noexcept { return core_.backend(); }
  /// Returns the number of functions handed to executors that have not reported back.
  [[nodiscard]] std::size_t jobs_in_flight() const noexcept { return core_.jobs_in_flight(); }

  // --- Tasks and futures; the loop need not be running ---

  /// Creates a future that is not done. Reports give `where` as the place of its creation.
  ///
  /// Cost:     one allocation.
  template <class T = void>
  Future<T> create_future(std::source_location where = std::source_location::current());
  /// Creates a task on this loop, as the free create_task() does on the running loop.
  ///
  /// Throws:   RuntimeError if the loop is closed or `coroutine` is not valid().
  /// Cost:     one allocation in addition to the coroutine's own.
  template <class T>
  Task<T> create_task(Coroutine<T>&& coroutine, TaskOptions options);
  /// Creates a task with default options.
  template <class T>
  Task<T> create_task(Coroutine<T>&& coroutine,
                      std::source_location where = std::source_location::current());

  /// A function that may change the options of each task before the task is created.
  ///
  ///     loop.set_task_factory(eager_task_factory);
  ///
  /// Python:   loop.set_task_factory; there, the factory itself creates the task.
  using TaskFactory = std::function<void(TaskOptions&)>;
  /// Sets the task factory; an empty function removes it.
  void set_task_factory(TaskFactory factory) { task_factory_ = std::move(factory); }
  /// Returns the task factory; empty if there is none.
  [[nodiscard]] const TaskFactory& get_task_factory() const noexcept { return task_factory_; }

  /// Accepts or refuses coroutines from run_coroutine_threadsafe() from now on. A run refuses them
  /// as soon as it ends or is interrupted, before it cancels any task.
  void accept_coroutines(bool on) noexcept { core_.accept_coroutines(on); }

  /// @cond detail
  [[nodiscard]] detail::LoopCore& core() noexcept { return core_; }
  /// @endcond

 private:
  ExceptionHandler exception_handler_;
  TaskFactory task_factory_;
  detail::LoopCore core_;  // last: it is destroyed first, and reports errors meanwhile
};

/// Returns the loop that is running on this thread.
///
/// Throws:   RuntimeError if there is none.
[[nodiscard]] EventLoop& get_running_loop();

/// Returns the loop that is running on this thread, or null.
[[nodiscard]] EventLoop* find_running_loop() noexcept;

}  // namespace asyncio
