#pragma once

#include <asyncio/base/call_site.hpp>
#include <asyncio/base/error.hpp>
#include <asyncio/base/observer.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/loop/clock.hpp>
#include <asyncio/loop/handle.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/loop/loop_options.hpp>
#include <asyncio/loop/loop_parts.hpp>
#include <asyncio/loop/signal.hpp>
#include <asyncio/loop/step_watch.hpp>
#include <asyncio/loop/timer_queue.hpp>
#include <asyncio/poll/poller.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace asyncio {

// Of the task layer, which the loop does not know: for the members that are defined there.
template <class T>
class Coroutine;
template <class T>
class Future;
template <class T>
class Task;
class TaskOptions;

/// What a loop tells its exception handler.
struct ExceptionContext {
  std::string message;           ///< what went wrong, in a sentence
  std::exception_ptr exception;  ///< the error, or empty
  std::string task_name;         ///< whose error it is, or empty
  CallSite made;                 ///< where that task, future or coroutine was made, if known
};

/// Runs callbacks in turns, on one thread: what is ready, what descriptors report, what timers
/// say is due, in this order; what is scheduled meanwhile runs in the next turn.
///
/// Thread:   the one that runs it, except where a function says otherwise.
/// Lifetime: futures, tasks and handles of all kinds may outlive it.
/// Python:   asyncio.BaseEventLoop.
class EventLoop {
 public:
  /// A loop that does not run yet.
  ///
  /// Throws:   std::system_error when the kernel refuses a poller.
  explicit EventLoop(LoopOptions options = LoopOptions());
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  /// Closes the loop.
  ~EventLoop();

  // --- Running ---

  /// Runs turns until stop(); at least one.
  ///
  /// Throws:   RuntimeError when the loop is closed, or a loop runs on this thread already;
  ///           a BaseExit that left a callback or a task in this run, after its turn.
  void run_forever();

  /// Runs until `awaitable` (a Future, a Task, or a Coroutine, of which it makes a task) is
  /// done, and returns its result.
  ///
  /// Throws:   as run_forever(); the result's error; RuntimeError if stop() came first.
  template <class Awaitable>
  auto run_until_complete(Awaitable&& awaitable) ->
      typename std::decay_t<Awaitable>::value_type;  // in task/task.hpp

  /// Ends run_forever() after the present turn, or else the next run after its first.
  void stop() noexcept { stopping_ = true; }

  /// On a virtual clock: runs what is ready and what falls due within `span`, one deadline after
  /// the other, and what follows from that, until nothing is left to do; then time() is `span`
  /// later. For tests that look at a program from outside; inside, sleep() does the same.
  ///
  ///     loop.advance(10s);
  ///     EXPECT_TRUE(task.done());
  ///
  /// stop() ends it early, where time has got to. Executor threads take part in virtual time;
  /// what other threads do is seen if it is there already.
  ///
  /// Throws:   as run_forever(); RuntimeError on the real clock.
  void advance(Duration span);

  /// Destroys what is scheduled and every task that is not done. Does not wait for executor
  /// threads; what they post from now on is refused. Calling it again does nothing.
  ///
  /// Throws:   RuntimeError while the loop runs.
  void close();

  /// Whether a run is under way.
  [[nodiscard]] bool is_running() const noexcept { return running_; }
  /// Whether close() has been called.
  [[nodiscard]] bool is_closed() const noexcept { return closed_; }

  /// The loop's time: never goes back; read anew at each call.
  [[nodiscard]] TimePoint time() const noexcept { return clock_.now(); }
  /// Whether it was made with ClockKind::virtual_time.
  [[nodiscard]] bool has_virtual_clock() const noexcept { return clock_.is_virtual(); }

  // --- Callbacks. Arguments are kept by value. ---

  /// Calls `function(args...)` in the next turn, after what is ready now.
  ///
  /// Throws:   RuntimeError when the loop is closed.
  /// Cost:     one allocation.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  Handle call_soon(F&& function, Args&&... args) {
    check_open();
    auto callback = detail::make_callback(
        *this, detail::bind_once(std::forward<F>(function), std::forward<Args>(args)...));
    enqueue(callback);
    return Handle(std::move(callback));
  }

  /// Calls `function(args...)` after `delay`, never earlier; a delay of zero or less means the
  /// next turn, after everything that is ready then.
  ///
  /// Throws:   as call_soon(); ValueError for not-a-number.
  /// Cost:     one allocation; logarithmic in the number of timers.
  template <class Rep, class Period, class F, class... Args>
    requires detail::CallableNow<F, Args...>
  TimerHandle call_later(std::chrono::duration<Rep, Period> delay, F&& function, Args&&... args) {
    return add_timer(add_saturated(time_of_arming(), to_duration(delay)), std::forward<F>(function),
                     std::forward<Args>(args)...);
  }

  /// Calls `function(args...)` when time() has reached `when`.
  ///
  /// Throws:   as call_soon().
  /// Cost:     as call_later().
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  TimerHandle call_at(TimePoint when, F&& function, Args&&... args) {
    known_time_.reset();  // it may be older than `when`, which may be now
    return add_timer(when, std::forward<F>(function), std::forward<Args>(args)...);
  }

  /// As call_soon(), from any thread. Inside the running loop the two keep their order.
  ///
  /// Throws:   RuntimeError when the loop is closed.
  /// Thread:   any, while the loop object lives; through handle() also after that.
  /// Cost:     one allocation; one system call if the loop sleeps.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void call_soon_threadsafe(F&& function, Args&&... args) {
    if (on_own_thread()) {
      (void)call_soon(std::forward<F>(function), std::forward<Args>(args)...);
      return;
    }
    detail::post_callback(*mailbox_, std::forward<F>(function), std::forward<Args>(args)...);
  }

  /// What other threads hold to reach this loop. As long as one lives, the loop waits for what
  /// may come through it, and finds no deadlock.
  [[nodiscard]] LoopHandle handle() const noexcept { return LoopHandle(mailbox_); }

  // --- Descriptors and signals ---

  /// Calls `function(args...)` in every turn in which `fd` is readable; takes the place of an
  /// earlier reader of `fd`. Independent of a writer.
  ///
  /// Throws:   RuntimeError when the loop is closed; std::system_error naming `fd`.
  /// Lifetime: call remove_reader() before `fd` is closed.
  /// Cost:     some allocations, one system call.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_reader(int fd, F&& function, Args&&... args) {
    watch(fd, &Watch::reader, repeating(std::forward<F>(function), std::forward<Args>(args)...));
  }
  /// The same for writing.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_writer(int fd, F&& function, Args&&... args) {
    watch(fd, &Watch::writer, repeating(std::forward<F>(function), std::forward<Args>(args)...));
  }
  /// Ends it, even if it is about to be called in this turn; false if there was none.
  ///
  /// Throws:   std::system_error naming `fd`, where a writer is left that cannot be watched.
  /// Cost:     one system call.
  bool remove_reader(int fd) { return unwatch(fd, &Watch::reader); }
  /// The same for writing.
  bool remove_writer(int fd) { return unwatch(fd, &Watch::writer); }

  /// Calls `function(args...)` in the turn after signal `number` came in; takes the place of
  /// an earlier callback. One loop of a process can listen to signals.
  ///
  /// Throws:   ValueError for a signal that cannot be caught; RuntimeError when another loop
  ///           listens, or this one is closed.
  template <class F, class... Args>
    requires detail::CallableNow<F, Args...>
  void add_signal_handler(int number, F&& function, Args&&... args) {
    set_signal_handler(number, repeating(std::forward<F>(function), std::forward<Args>(args)...));
  }
  /// Puts the disposition back that the signal had before; false if there was no callback.
  bool remove_signal_handler(int number);
  /// Whether there is a callback for signal `number`.
  [[nodiscard]] bool has_signal_handler(int number) const noexcept {
    return signals_ && signals_->watches(number);
  }
  /// @cond detail
  /// The present handler of `number` is none that the loop would wait for: run()'s own.
  void discount_signal_handler(int number) noexcept {
    if (signals_) signals_->discount(number);
  }
  /// @endcond

  // --- Errors that nobody awaits ---

  /// What is told of errors that nobody awaits. It may throw, which is reported in turn.
  using ExceptionHandler = std::function<void(EventLoop&, const ExceptionContext&)>;

  /// Who hears of errors in callbacks, of task errors that nobody retrieved, and the like. An
  /// empty function puts default_exception_handler() back.
  void set_exception_handler(ExceptionHandler handler);
  /// The one set; empty for the default one.
  [[nodiscard]] const ExceptionHandler& get_exception_handler() const noexcept {
    return exception_handler_;
  }
  /// Reports to the handler; what the handler throws goes to the default one.
  void call_exception_handler(const ExceptionContext& context) noexcept;
  /// Writes one line to standard error.
  static void default_exception_handler(const ExceptionContext& context) noexcept;

  // --- Debug mode ---

  /// In debug mode a call from a wrong thread, or in a process forked while the loop was there,
  /// is a RuntimeError where it can be seen, and a callback or task step that holds the loop for
  /// slow_callback_duration() or longer is reported to the exception handler.
  ///
  /// Python:   loop.set_debug; ASYNCIO_DEBUG for PYTHONASYNCIODEBUG.
  void set_debug(bool on);
  /// Whether debug mode is on.
  [[nodiscard]] bool get_debug() const noexcept { return debug_; }
  /// From which duration on debug mode reports a step.
  void set_slow_callback_duration(Duration limit) noexcept { slow_callback_duration_ = limit; }
  /// The same; 100 ms unless it has been set.
  [[nodiscard]] Duration slow_callback_duration() const noexcept { return slow_callback_duration_; }

  /// Tells `observer` what the loop and its tasks do from now on; null: nobody. Of a task that
  /// is there already it hears from the task's next step on.
  void set_observer(Observer* observer) noexcept { observer_ = observer; }
  /// The one set; null for none.
  [[nodiscard]] Observer* get_observer() const noexcept { return observer_; }

  // --- Tasks and futures of this loop, running or not; in task/ ---

  /// A future that is not done. `where` it is made is for reports.
  ///
  /// Cost:     one allocation.
  template <class T = void>
  Future<T> create_future(std::source_location where = std::source_location::current());
  /// As the free create_task(), on this loop, with options.
  ///
  /// Throws:   RuntimeError when the loop is closed, or for a coroutine that is not valid().
  /// Cost:     one allocation beside the coroutine's own.
  template <class T>
  Task<T> create_task(Coroutine<T>&& coroutine, TaskOptions options);
  /// The same without options.
  template <class T>
  Task<T> create_task(Coroutine<T>&& coroutine,
                      std::source_location where = std::source_location::current());

  /// Has a say in how each task of this loop is made; nullptr ends that.
  ///
  ///     loop.set_task_factory(eager_task_factory);
  ///
  /// Python:   loop.set_task_factory; here it changes the options, and makes no task itself.
  using TaskFactory = std::function<void(TaskOptions&)>;
  /// Sets it.
  void set_task_factory(TaskFactory factory) { task_factory_ = std::move(factory); }
  /// The one set; empty for none.
  [[nodiscard]] const TaskFactory& get_task_factory() const noexcept { return task_factory_; }

  /// Whether run_coroutine_threadsafe() is taken. A run that is interrupted or ends refuses it
  /// first of all.
  void accept_coroutines(bool on) noexcept { accepts_coroutines_ = on; }
  /// The same.
  [[nodiscard]] bool accepts_coroutines() const noexcept { return accepts_coroutines_; }

  // --- For the layers above ---
  /// @cond detail

  /// Puts `entry` at the end of the ready queue; discards it when the loop is closed.
  void schedule(detail::Runnable& entry) noexcept {
    if (closed_) {
      entry.discard();
    } else {
      ready_.push_back(entry);
    }
  }
  void schedule(detail::RunList&& entries) noexcept {
    if (closed_) {
      entries.discard_all();
    } else {
      ready_.append(std::move(entries));
    }
  }
  void arm(detail::Timer& timer, TimePoint when) {
    timers_.arm(timer, when);
    if (observer_ != nullptr && timer.counts()) observer_->timer_armed(when);
  }
  /// Nothing if it is not armed.
  void disarm(detail::Timer& timer) noexcept { timers_.disarm(timer); }
  /// time(), for who then arms a timer, or waits for one; it serves for what is due next too, so
  /// that the clock is read only once.
  [[nodiscard]] TimePoint time_of_arming() noexcept {
    const TimePoint now = clock_.now();
    if (!clock_.is_virtual()) known_time_ = now;
    return now;
  }
  /// On a virtual clock: makes it `when`, unless that is past.
  void pass_time_until(TimePoint when) noexcept {
    if (when > clock_.now()) clock_.jump_to(when);
  }
  /// Throws:   RuntimeError when the loop is closed; in debug mode also from a wrong thread.
  void check_open() const {
    if (guarded_) check_guarded();
  }
  [[nodiscard]] bool on_own_thread() const noexcept;
  /// Sorts an error that left a callback: an exit ends the run, the rest is reported.
  void callback_failed(std::exception_ptr error) noexcept;
  /// Makes the present run end after this turn by throwing `exit`.
  void leave_with(std::exception_ptr exit) noexcept;
  [[nodiscard]] const std::shared_ptr<detail::Mailbox>& mailbox() const noexcept {
    return mailbox_;
  }
  [[nodiscard]] detail::TaskRoster& tasks() noexcept { return tasks_; }
  [[nodiscard]] const detail::Ref<detail::LoopAnchor>& anchor() const noexcept { return anchor_; }

  /// The service S of this loop, made at the first call.
  template <class S>
  S& service() {
    if (S* found = find_service<S>()) return *found;
    auto made = std::make_unique<S>(*this);
    S& service = *made;
    services_.push_back(std::move(made));
    return service;
  }
  template <class S>
  [[nodiscard]] S* find_service() const noexcept {
    for (const auto& service : services_) {
      if (auto* found = dynamic_cast<S*>(service.get())) return found;
    }
    return nullptr;
  }

  /// How many jobs of executors have begun or wait to begin, and have not reported back.
  [[nodiscard]] std::size_t jobs_in_flight() const noexcept { return jobs_in_flight_; }
  void job_submitted() noexcept { ++jobs_in_flight_; }
  void job_ended() noexcept { --jobs_in_flight_; }
  /// @endcond

 private:
  struct Watch {
    detail::Ref<detail::Callback> reader;
    detail::Ref<detail::Callback> writer;
  };
  using WatchSide = detail::Ref<detail::Callback> Watch::*;
  class RunningScope;

  template <class F, class... Args>
  detail::Ref<detail::Callback> repeating(F&& function, Args&&... args) {
    check_open();
    return detail::make_callback(
        *this, detail::bind_call(std::forward<F>(function), std::forward<Args>(args)...), {},
        detail::Callback::Repeat::yes);
  }
  template <class F, class... Args>
  TimerHandle add_timer(TimePoint when, F&& function, Args&&... args) {
    check_open();
    auto callback = detail::make_callback(
        *this, detail::bind_once(std::forward<F>(function), std::forward<Args>(args)...), when);
    arm(*callback, when);
    callback->add_ref();  // the queue's
    return TimerHandle(std::move(callback));
  }
  void enqueue(const detail::Ref<detail::Callback>& callback) noexcept {
    callback->add_ref();
    ready_.push_back(*callback);
  }
  void check_guarded() const;
  void check_runnable() const;
  void watch(int fd, WatchSide side, detail::Ref<detail::Callback> callback);
  bool unwatch(int fd, WatchSide side);
  void set_signal_handler(int number, detail::Ref<detail::Callback> callback);
  void update_interest(int fd);

  // One turn, and its phases in order.
  void run_once();
  void take_mail_and_signals();
  void take_mail();
  [[nodiscard]] bool has_work_until(TimePoint end);
  void wait_for_something();
  void tell_of_wait() noexcept;
  void look_at_descriptors();
  void queue_due_timers();
  void run_ready() noexcept;
  void run_watched(detail::Runnable& entry) noexcept;

  [[nodiscard]] bool nobody_can_wake() const noexcept;
  [[nodiscard]] bool is_deadlocked() const noexcept;
  [[nodiscard]] bool poll_is_due() noexcept;
  [[nodiscard]] bool finds_work_in_time();
  void wait_in_real_time();
  void wait_in_virtual_time();
  void poll(std::optional<Duration> timeout);

  detail::RunQueue ready_;
  detail::TimerQueue timers_;
  detail::LoopTime clock_;
  bool running_ = false;
  bool stopping_ = false;
  bool closed_ = false;
  bool debug_ = false;
  bool guarded_ = false;  // closed or in debug mode: check_open() looks closer
  bool accepts_coroutines_ = true;
  bool strict_;
  Duration busy_poll_;
  Observer* observer_;
  // A reading of the real clock since the last turn asked what is due.
  std::optional<TimePoint> known_time_;
  std::uint32_t turns_since_poll_ = 0;
  TimePoint last_poll_{};
  detail::TaskRoster tasks_;
  detail::Ref<detail::LoopAnchor> anchor_;
  std::size_t jobs_in_flight_ = 0;

  std::shared_ptr<detail::Mailbox> mailbox_;
  std::unordered_map<int, Watch> watches_;
  std::vector<PollEvent> events_;
  std::unique_ptr<detail::SignalWatch> signals_;
  std::unique_ptr<detail::StepWatch> step_watch_;  // in debug mode, or with a watchdog
  Duration slow_callback_duration_ = std::chrono::milliseconds(100);
  long process_;  // that made it
  ExceptionHandler exception_handler_;
  TaskFactory task_factory_;
  std::exception_ptr exit_;
  std::vector<std::unique_ptr<detail::LoopService>> services_;
};

/// The loop that runs on this thread.
///
/// Throws:   RuntimeError if none does.
[[nodiscard]] EventLoop& get_running_loop();

/// The same, or null.
[[nodiscard]] EventLoop* find_running_loop() noexcept;

}  // namespace asyncio
