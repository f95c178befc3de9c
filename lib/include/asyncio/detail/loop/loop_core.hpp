#pragma once

#include <asyncio/base/observer.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/callback.hpp>
#include <asyncio/detail/loop/descriptors.hpp>
#include <asyncio/detail/loop/loop_service.hpp>
#include <asyncio/detail/loop/loop_state.hpp>
#include <asyncio/detail/loop/poll_schedule.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/detail/loop/running_loop.hpp>
#include <asyncio/detail/loop/signal_handlers.hpp>
#include <asyncio/detail/loop/task_registry.hpp>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <asyncio/detail/loop/wakeup.hpp>
#include <asyncio/detail/loop/weak_loop_ref.hpp>
#include <asyncio/loop/clock.hpp>
#include <asyncio/loop/loop_options.hpp>
#include <asyncio/poll/poller.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncio {
class EventLoop;
}

namespace asyncio::detail {

class SlowStepMonitor;

/// The core of a loop: the ready queue, the sources of events that fill it (timers, descriptors,
/// posts and signals), and the turn that runs it. Users see it through EventLoop; the layers above
/// schedule here.
///
/// Thread:   the one that runs the loop, except where a function says otherwise.
class LoopCore {
 public:
  LoopCore(EventLoop& loop, LoopOptions&& options);
  LoopCore(const LoopCore&) = delete;
  LoopCore& operator=(const LoopCore&) = delete;
  ~LoopCore();

  [[nodiscard]] EventLoop& loop() const noexcept { return loop_; }
  [[nodiscard]] const Ref<WeakLoopRef>& weak_ref() const noexcept { return weak_ref_; }

  // --- Running ---

  void run_forever();
  void advance(Duration span);
  void stop() noexcept { stopping_ = true; }
  void close();
  [[nodiscard]] bool is_running() const noexcept { return state_.is_running(); }
  [[nodiscard]] bool is_closed() const noexcept { return state_.is_closed(); }
  [[nodiscard]] bool runs_here() const noexcept { return running_loop() == this; }
  /// Ends the current run after this turn; the run then throws `exit`.
  void leave_with(std::exception_ptr exit) noexcept;

  // --- Scheduling ---

  /// Queues `entry` for the next turn, or discards it if the loop is closed.
  void schedule(Runnable& entry) noexcept {
    if (state_.is_closed()) {
      entry.discard();
    } else {
      ready_.push_back(entry);
    }
  }
  /// Queues all entries in order, or discards them if the loop is closed.
  void schedule(CallbackList&& entries) noexcept {
    if (state_.is_closed()) {
      entries.discard_all();
    } else {
      ready_.append(std::move(entries));
    }
  }
  /// Queues a callback for the next turn.
  ///
  /// Throws:   like check_open().
  template <class F, class... Args>
  Ref<Callback> call_soon(F&& function, Args&&... args) {
    check_open();
    auto callback =
        make_callback(*this, bind_once(std::forward<F>(function), std::forward<Args>(args)...));
    callback->add_ref();  // the queue's reference
    ready_.push_back(*callback);
    return callback;
  }
  /// Arms a callback for the time `when`.
  ///
  /// Throws:   like check_open().
  template <class F, class... Args>
  Ref<Callback> call_at(TimePoint when, F&& function, Args&&... args) {
    check_open();
    auto callback = make_callback(
        *this, bind_once(std::forward<F>(function), std::forward<Args>(args)...), when);
    arm(*callback, when);
    callback->add_ref();  // the queue's reference
    return callback;
  }
  /// Arms `timer`, which then runs in the turn after `when`.
  ///
  /// REQUIRES: !timer.armed().
  /// Throws:   std::bad_alloc, and then nothing has changed.
  void arm(Timer& timer, TimePoint when) {
    timers_.arm(timer, when);
    if (observer_ != nullptr && timer.is_observable()) observer_->timer_armed(when);
  }
  /// Disarms `timer`. Does nothing if it is not armed.
  void disarm(Timer& timer) noexcept { timers_.disarm(timer); }

  // --- Time ---

  [[nodiscard]] bool has_virtual_clock() const noexcept {
    return clock_ == ClockKind::virtual_time;
  }
  [[nodiscard]] TimePoint now() const noexcept {
    if (has_virtual_clock()) return virtual_now_;
    return TimePoint(
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
  }
  /// Returns now(), and caches the reading so that the next check for due timers reuses it.
  [[nodiscard]] TimePoint now_for_timer() noexcept {
    const TimePoint now = this->now();
    if (!has_virtual_clock()) known_time_ = now;
    return now;
  }
  /// Drops the cached reading, which may be older than the deadline that is armed next.
  void forget_known_time() noexcept { known_time_.reset(); }
  /// Moves a virtual clock to `when`, unless that time has passed.
  void advance_to(TimePoint when) noexcept {
    if (when > virtual_now_) virtual_now_ = when;
  }

  // --- Checks ---

  /// Checks that the loop is open.
  ///
  /// Throws:   like LoopState::check_open().
  void check_open() const { state_.check_open(); }
  /// Checks that the loop can run.
  ///
  /// Throws:   like LoopState::check_runnable().
  void check_runnable() const { state_.check_runnable(); }

  // --- Debug mode ---

  void set_debug(bool on);
  [[nodiscard]] bool debug() const noexcept { return state_.debug(); }
  void set_slow_callback_duration(Duration limit) noexcept { slow_callback_duration_ = limit; }
  [[nodiscard]] Duration slow_callback_duration() const noexcept { return slow_callback_duration_; }
  void set_observer(Observer* observer) noexcept { observer_ = observer; }
  [[nodiscard]] Observer* observer() const noexcept { return observer_; }

  /// Handles an error that left a callback: an exit ends the run, any other error is reported.
  void callback_failed(std::exception_ptr error) noexcept;

  // --- Sources of events ---

  [[nodiscard]] const std::shared_ptr<Wakeup>& wakeup() const noexcept { return wakeup_; }
  [[nodiscard]] std::string_view backend() const noexcept { return wakeup_->poller().name(); }
  [[nodiscard]] Descriptors& descriptors() noexcept { return descriptors_; }
  template <class F, class... Args>
  void watch(int fd, Direction direction, F&& function, Args&&... args) {
    descriptors_.set_callback(fd, direction,
                              repeating(std::forward<F>(function), std::forward<Args>(args)...));
  }
  bool unwatch(int fd, Direction direction) { return descriptors_.remove_callback(fd, direction); }
  /// Creates a callback that can be called any number of times.
  ///
  /// Throws:   like check_open().
  template <class F, class... Args>
  Ref<Callback> repeating(F&& function, Args&&... args) {
    check_open();
    return make_callback(*this, bind_call(std::forward<F>(function), std::forward<Args>(args)...),
                         {}, Callback::Repeat::yes);
  }
  [[nodiscard]] const SignalHandlers& signals() const noexcept { return signals_; }
  [[nodiscard]] SignalHandlers& signals() noexcept { return signals_; }

  // --- State of the layers above ---

  /// Accepts or refuses coroutines from other threads.
  void accept_coroutines(bool on) noexcept { accepts_coroutines_ = on; }
  [[nodiscard]] bool accepts_coroutines() const noexcept { return accepts_coroutines_; }

  [[nodiscard]] TaskRegistry& tasks() noexcept { return tasks_; }

  /// Returns the service S of this loop. The first call creates it.
  template <class S>
  S& service() {
    if (S* found = find_service<S>()) return *found;
    auto made = std::make_unique<S>(*this);
    S& service = *made;
    services_.push_back(std::move(made));
    return service;
  }
  /// Returns the service S of this loop, or null if there is none yet.
  template <class S>
  [[nodiscard]] S* find_service() const noexcept {
    for (const auto& service : services_) {
      if (auto* found = dynamic_cast<S*>(service.get())) return found;
    }
    return nullptr;
  }

  /// Returns the number of executor jobs that have not reported back, whether queued or running.
  [[nodiscard]] std::size_t jobs_in_flight() const noexcept { return jobs_in_flight_; }
  void job_submitted() noexcept { ++jobs_in_flight_; }
  void job_ended() noexcept { --jobs_in_flight_; }

 private:
  class Run;

  // One turn and its phases, in order.
  void run_once();
  void take_posts_and_signals();
  void wait_for_something();
  void poll_without_waiting();
  void queue_due_timers();
  void run_ready() noexcept;

  // Parts of these phases.
  void take_posts();
  void wait_in_real_time();
  void wait_in_virtual_time();
  void poll(std::optional<Duration> timeout);
  void run_monitored(Runnable& entry) noexcept;
  /// Returns whether runs must be reproducible, as in strict mode and on a virtual clock. Every
  /// turn then polls the descriptors and takes all events, in CPython's order.
  [[nodiscard]] bool is_reproducible() const noexcept { return strict_ || has_virtual_clock(); }
  [[nodiscard]] bool poll_is_due() noexcept;
  [[nodiscard]] bool has_work_until(TimePoint end);
  [[nodiscard]] bool finds_work_in_time();
  [[nodiscard]] bool cannot_be_woken() const noexcept;
  [[nodiscard]] bool is_deadlocked() const noexcept;

  // The members that a turn uses most come first.
  ReadyQueue ready_;
  LoopState state_;
  ClockKind clock_;
  bool stopping_ = false;
  bool accepts_coroutines_ = true;
  bool strict_;
  TimerQueue timers_;
  TimePoint virtual_now_{};
  // A reading of the real clock, taken since the last check for due timers.
  std::optional<TimePoint> known_time_;
  Observer* observer_;
  EventLoop& loop_;
  TaskRegistry tasks_;
  Ref<WeakLoopRef> weak_ref_;
  std::size_t jobs_in_flight_ = 0;

  std::shared_ptr<Wakeup> wakeup_;
  Descriptors descriptors_;
  std::vector<PollEvent> events_;
  PollSchedule polls_;
  Duration busy_poll_;
  SignalHandlers signals_;
  std::unique_ptr<SlowStepMonitor> step_monitor_;  // in debug mode, or with a watchdog
  Duration slow_callback_duration_ = std::chrono::milliseconds(100);
  std::exception_ptr exit_;
  std::vector<std::unique_ptr<LoopService>> services_;
};

}  // namespace asyncio::detail
