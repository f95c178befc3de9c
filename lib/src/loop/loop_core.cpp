#include <algorithm>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/running_loop.hpp>
#include <asyncio/detail/loop/slow_step_monitor.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <cstdlib>
#include <string>
#include <utility>

namespace asyncio::detail {

namespace {

// Timers that are closer together than this share a wake-up. A sleep and its wake-up take several
// microseconds of processor time, enough for a busy loop to handle several timers.
constexpr Duration kShortestWait = std::chrono::microseconds(20);
// The most events that one poll takes. Everything that a poll finds is received before the first
// task continues, so this limits the memory in use at once. Measured on 500 connections with 16 KiB
// requests, as a multiple of a bare server's processor time: no limit 1.26, 64 events 1.15, 16
// events 1.08.
constexpr std::size_t kMostEventsPerPoll = 16;
// Data between two local sockets can be on its way while both look idle. So while descriptors are
// watched, virtual time jumps only after this much real time without events.
constexpr Duration kVirtualIdleWithDescriptors = std::chrono::milliseconds(10);

bool debug_by_environment() noexcept {
  const char* const text = std::getenv("ASYNCIO_DEBUG");
  return text != nullptr && *text != '\0';
}

}  // namespace

/// A run of this loop on this thread, from construction to destruction.
class LoopCore::Run {
 public:
  explicit Run(LoopCore& core) : core_(core), scope_(core, !core.has_virtual_clock()) {
    core.state_.set_running(true);
    core.known_time_.reset();
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    core_.state_.set_running(false);
    core_.stopping_ = false;
  }

 private:
  LoopCore& core_;
  RunningScope scope_;
};

LoopCore::LoopCore(EventLoop& loop, LoopOptions&& options)
    : state_(*this),
      clock_(options.clock_),
      strict_(options.strict_),
      observer_(options.observer_),
      loop_(loop),
      weak_ref_(new WeakLoopRef(loop)),
      wakeup_(std::make_shared<Wakeup>(loop, options.poller_())),
      descriptors_(state_, wakeup_->poller(), ready_),
      polls_(is_reproducible()),
      busy_poll_(options.busy_poll_),
      signals_(wakeup_->poller()) {
  detach_forked_children();
  if (!is_reproducible()) wakeup_->poller().limit_batch(kMostEventsPerPoll);
  if (options.watchdog_limit_) {
    step_monitor_ = std::make_unique<SlowStepMonitor>();
    step_monitor_->start_watchdog(*options.watchdog_limit_, std::move(options.watchdog_));
  }
  set_debug(options.debug_.value_or(debug_by_environment()));
}

LoopCore::~LoopCore() {
  // A loop must not be destroyed while it runs; close() handles everything else.
  if (!state_.is_running()) close();
  weak_ref_->loop_destroyed();
  if (!state_.is_of_this_process()) {
    // A forked child has no watchdog thread, so joining it could block for ever.
    [[maybe_unused]] const auto* const left_alone = step_monitor_.release();
  }
}

// --- Running ---

void LoopCore::run_forever() {
  state_.check_runnable();
  {
    const Run run(*this);
    do {
      run_once();
    } while (!stopping_ && !exit_);
  }
  if (exit_) std::rethrow_exception(std::exchange(exit_, nullptr));
}

void LoopCore::advance(Duration span) {
  if (!has_virtual_clock()) throw RuntimeError("only a virtual clock can be advanced");
  state_.check_runnable();
  const TimePoint end = add_saturated(now(), std::max(span, Duration::zero()));
  {
    const Run run(*this);
    while (!stopping_ && !exit_ && has_work_until(end)) {
      if (ready_.empty()) wait_in_virtual_time();
      if (!timers_.empty()) queue_due_timers();
      run_ready();
    }
    if (!stopping_ && !exit_) advance_to(end);
  }
  if (exit_) std::rethrow_exception(std::exchange(exit_, nullptr));
}

void LoopCore::leave_with(std::exception_ptr exit) noexcept {
  if (!exit_) exit_ = std::move(exit);
}

void LoopCore::close() {
  if (state_.is_running()) throw RuntimeError("Cannot close a running event loop");
  if (state_.is_closed()) return;
  state_.set_closed();
  // Services first: when the post queue refuses a job, only the job's worker may still own it.
  for (const auto& service : services_) service->loop_closing();
  ReadyQueue unread;
  wakeup_->posts().close(unread);
  signals_.remove_all();
  unread.discard_all();
  ready_.discard_all();
  while (!timers_.empty()) timers_.make_due();
  while (Timer* const timer = timers_.next_due()) timer->discard();
  descriptors_.clear();
  if (tasks_.destroy_pending != nullptr) tasks_.destroy_pending(loop_);
  services_.clear();
}

// --- One turn ---

void LoopCore::run_once() {
  take_posts_and_signals();
  if (ready_.empty() && !stopping_) {
    wait_for_something();
  } else if (poll_is_due()) {
    poll_without_waiting();
  }
  if (!timers_.empty()) queue_due_timers();
  known_time_.reset();
  run_ready();
}

void LoopCore::take_posts_and_signals() {
  if (!wakeup_->posts().empty()) take_posts();
  if (SignalHandlers::any_arrived()) signals_.collect(ready_);
}

void LoopCore::take_posts() {
  const std::size_t posts = wakeup_->posts().drain(ready_);
  if (observer_ != nullptr && posts > 0) observer_->posts_taken(posts);
}

void LoopCore::wait_for_something() {
  if (is_deadlocked()) {
    leave_with(tasks_.on_deadlock());
    return;
  }
  if (observer_ != nullptr) {
    observer_->about_to_wait(timers_.empty() ? std::nullopt
                                             : std::optional(timers_.next_deadline()));
  }
  if (has_virtual_clock()) {
    wait_in_virtual_time();
  } else if (busy_poll_ <= Duration::zero() || !finds_work_in_time()) {
    wait_in_real_time();
  }
}

bool LoopCore::is_deadlocked() const noexcept {
  return tasks_.on_deadlock && cannot_be_woken();
}

bool LoopCore::cannot_be_woken() const noexcept {
  return timers_.empty() && !descriptors_.any_waiting() && jobs_in_flight_ == 0 &&
         !signals_.waits_for_any() && !wakeup_->has_senders() && wakeup_->posts().empty();
}

/// Looks for work for as long as LoopOptions::busy_poll() says. Returns false if none has come.
bool LoopCore::finds_work_in_time() {
  known_time_.reset();
  TimePoint time = now();
  const TimePoint end = add_saturated(time, busy_poll_);
  for (; time < end; time = now()) {
    // While no descriptor is watched, nothing polls, so the wake-up by the last sender is missed.
    if (has_work_until(time) || is_deadlocked()) return true;
  }
  return false;
}

bool LoopCore::has_work_until(TimePoint end) {
  take_posts_and_signals();
  if (descriptors_.any_waiting()) poll_without_waiting();
  return !ready_.empty() || (!timers_.empty() && timers_.next_deadline() <= end);
}

void LoopCore::wait_in_real_time() {
  if (timers_.empty()) {
    poll(std::nullopt);
    return;
  }
  const TimePoint time = now_for_timer();
  const TimePoint next = timers_.next_deadline();
  if (next > time) {
    const Duration wait = next - time;
    const bool alone = timers_.size() == 1 || strict_;
    poll(alone ? wait : std::max(wait, kShortestWait));
  } else if (descriptors_.any_waiting()) {
    poll_without_waiting();
  }
}

void LoopCore::wait_in_virtual_time() {
  if (timers_.empty()) {
    poll(std::nullopt);
    return;
  }
  if (timers_.next_deadline() <= virtual_now_) {
    if (descriptors_.any_waiting()) poll_without_waiting();
    return;
  }
  poll(descriptors_.any_waiting() ? kVirtualIdleWithDescriptors : Duration::zero());
  if (ready_.empty()) virtual_now_ = timers_.next_deadline();
}

bool LoopCore::poll_is_due() noexcept {
  if (!descriptors_.any_waiting()) return false;
  return stopping_ || polls_.is_due([this] { return now(); });
}

void LoopCore::poll_without_waiting() {
  poll(Duration::zero());
}

void LoopCore::poll(std::optional<Duration> timeout) {
  // The queue is armed only for a sleep: a loop that is awake needs no wake-up.
  const bool may_sleep = timeout.value_or(Duration::max()) > Duration::zero();
  if (may_sleep && !wakeup_->posts().arm()) timeout = Duration::zero();
  // The callback of a signal may already be in the ready queue, and must not be queued twice.
  const bool may_collect = ready_.empty();
  events_.clear();
  if (may_sleep) known_time_.reset();
  wakeup_->poller().wait(timeout, events_);
  take_posts();
  if (may_collect && SignalHandlers::any_arrived()) signals_.collect(ready_);
  descriptors_.dispatch(events_);
  if (descriptors_.any_waiting()) polls_.polled(now(), !events_.empty());
}

void LoopCore::queue_due_timers() {
  const TimePoint time = known_time_ ? *known_time_ : now();
  while (!timers_.empty() && timers_.next_deadline() <= time) {
    const TimePoint when = timers_.next_deadline();
    const Timer& timer = timers_.make_due();
    if (observer_ != nullptr && timer.is_observable()) observer_->timer_due(when, time);
  }
}

void LoopCore::run_ready() noexcept {
  const auto run_all = [this](auto run) {
    ready_.consume(run);
    while (Timer* const timer = timers_.next_due()) run(*timer);
  };
  if (step_monitor_) {
    run_all([this](Runnable& entry) { run_monitored(entry); });
  } else {
    run_all([](Runnable& entry) { entry.run(); });
  }
}

void LoopCore::run_monitored(Runnable& entry) noexcept {
  const StepReport report = step_monitor_->run(entry);
  if (state_.debug() && report.held >= slow_callback_duration_) {
    loop_.call_exception_handler({describe_slow_step(report), nullptr, "", {}});
  }
}

// --- Debug mode and errors ---

void LoopCore::set_debug(bool on) {
  state_.set_debug(on);
  if (on && !step_monitor_) step_monitor_ = std::make_unique<SlowStepMonitor>();
}

void LoopCore::callback_failed(std::exception_ptr error) noexcept {
  if (is_exit(error)) {
    leave_with(std::move(error));
    return;
  }
  ExceptionContext context;
  context.message = "Exception in callback";
  context.exception = std::move(error);
  loop_.call_exception_handler(context);
}

}  // namespace asyncio::detail
