#include <pthread.h>
#include <unistd.h>

#include <asyncio/base/posix.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <sstream>
#include <string_view>

namespace asyncio {

namespace {

constinit thread_local EventLoop* running_loop = nullptr;

// How often descriptors are looked at while there is other work. A look costs about 100 ns.
constexpr std::uint32_t kTurnsBetweenPolls = 64;
constexpr Duration kTimeBetweenPolls = std::chrono::microseconds(20);
// Timers that are closer together than this share a wake-up: to sleep and to be woken costs some
// microseconds of processor time, in which a busy loop serves as many timers.
constexpr Duration kShortestWait = std::chrono::microseconds(20);

// Bytes between two local sockets look like idleness for a moment: with descriptors watched,
// virtual time jumps only after this much real time.
constexpr Duration kVirtualIdleWithDescriptors = std::chrono::milliseconds(10);

void write_to_stderr(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // there is nowhere left to report to
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool debug_by_environment() noexcept {
  const char* const text = std::getenv("ASYNCIO_DEBUG");
  return text != nullptr && *text != '\0';
}

void write_step_to_stderr(const StepReport& report) {
  const std::chrono::duration<double> held = report.held;
  std::ostringstream line;
  line << "asyncio: " << report.step << " has held the loop for " << std::fixed
       << std::setprecision(3) << held.count() << " s\n";
  write_to_stderr(line.str());
}

// A child process runs no loop of its parent's, and hears none of its signals.
void forget_loops_of_parent() noexcept {
  running_loop = nullptr;
  detail::SignalWatch::forget_after_fork();
}

void watch_forks() {
  static const int registered = ::pthread_atfork(nullptr, nullptr, forget_loops_of_parent);
  if (registered != 0) throw system_call_error(registered, "pthread_atfork");
}

Interest interest_of(bool read, bool write) noexcept {
  return static_cast<Interest>((read ? 1 : 0) | (write ? 2 : 0));
}

}  // namespace

EventLoop& get_running_loop() {
  if (running_loop == nullptr) throw RuntimeError("no running event loop");
  return *running_loop;
}

EventLoop* find_running_loop() noexcept {
  return running_loop;
}

// Marks the loop as the one that runs on this thread, for as long as run_forever() lasts.
class EventLoop::RunningScope {
 public:
  explicit RunningScope(EventLoop& loop) : loop_(loop) {
    loop.check_runnable();
    if (!loop.has_virtual_clock()) slack_.emplace();
    loop.running_ = true;
    loop.known_time_.reset();
    running_loop = &loop;
  }
  RunningScope(const RunningScope&) = delete;
  RunningScope& operator=(const RunningScope&) = delete;
  ~RunningScope() {
    loop_.running_ = false;
    loop_.stopping_ = false;
    running_loop = nullptr;
  }

 private:
  EventLoop& loop_;
  std::optional<TimerSlackGuard> slack_;
};

EventLoop::EventLoop(LoopOptions options)
    : clock_(options.clock_),
      strict_(options.strict_),
      busy_poll_(options.busy_poll_),
      observer_(options.observer_),
      anchor_(new detail::LoopAnchor(*this)),
      mailbox_(std::make_shared<detail::Mailbox>(*this, options.poller_())),
      process_(::getpid()) {
  watch_forks();
  if (options.watchdog_limit_) {
    step_watch_ = std::make_unique<detail::StepWatch>();
    step_watch_->start_watchdog(*options.watchdog_limit_, options.watchdog_
                                                              ? std::move(options.watchdog_)
                                                              : write_step_to_stderr);
  }
  set_debug(options.debug_.value_or(debug_by_environment()));
}

EventLoop::~EventLoop() {
  // A loop destroyed while it runs is beyond help; everything else close() handles.
  if (!running_) close();
  anchor_->loop_destroyed();
  if (process_ != ::getpid()) {
    // There is no watchdog in a forked child; who waited for its end could wait for ever.
    [[maybe_unused]] const auto* const left_alone = step_watch_.release();
  }
}

void EventLoop::run_forever() {
  {
    const RunningScope scope(*this);
    do {
      run_once();
    } while (!stopping_ && !exit_);
  }
  if (exit_) std::rethrow_exception(std::exchange(exit_, nullptr));
}

void EventLoop::advance(Duration span) {
  if (!has_virtual_clock()) throw RuntimeError("only a virtual clock can be advanced");
  const TimePoint end = add_saturated(time(), std::max(span, Duration::zero()));
  {
    const RunningScope scope(*this);
    while (!stopping_ && !exit_ && has_work_until(end)) {
      if (ready_.empty()) wait_in_virtual_time();
      if (!timers_.empty()) queue_due_timers();
      run_ready();
    }
    if (!stopping_ && !exit_) pass_time_until(end);
  }
  if (exit_) std::rethrow_exception(std::exchange(exit_, nullptr));
}

bool EventLoop::has_work_until(TimePoint end) {
  take_mail_and_signals();
  if (!watches_.empty()) look_at_descriptors();
  return !ready_.empty() || (!timers_.empty() && timers_.next_deadline() <= end);
}

void EventLoop::close() {
  if (running_) throw RuntimeError("Cannot close a running event loop");
  if (closed_) return;
  closed_ = true;
  guarded_ = true;
  // Services first: what a worker finds refused by the mailbox is the worker's alone by then.
  for (const auto& service : services_) service->loop_closing();
  detail::RunQueue unread;
  mailbox_->close(unread);
  signals_.reset();
  unread.discard_all();
  ready_.discard_all();
  while (!timers_.empty()) timers_.make_due();
  while (detail::Timer* const timer = timers_.next_due()) timer->discard();
  // A child process shares the kernel's table with its parent, who still wants what is in it.
  if (process_ == ::getpid()) {
    for (const auto& [fd, watch] : watches_) mailbox_->poller().set_interest(fd, Interest::none);
  }
  // Taken out first: a reader that owns its connection may call remove_reader() as it ends.
  std::exchange(watches_, {}).clear();
  if (tasks_.destroy_pending != nullptr) tasks_.destroy_pending(*this);
  services_.clear();
}

// --- One turn ---

void EventLoop::run_once() {
  take_mail_and_signals();
  if (ready_.empty() && !stopping_) {
    wait_for_something();
  } else if (poll_is_due()) {
    look_at_descriptors();
  }
  if (!timers_.empty()) queue_due_timers();
  known_time_.reset();
  run_ready();
}

void EventLoop::take_mail_and_signals() {
  if (mailbox_->has_mail()) take_mail();
  if (signals_ && detail::SignalWatch::some_arrived()) signals_->collect(ready_);
}

void EventLoop::take_mail() {
  const std::size_t posts = mailbox_->drain(ready_);
  if (observer_ != nullptr && posts > 0) observer_->posts_taken(posts);
}

bool EventLoop::nobody_can_wake() const noexcept {
  return timers_.empty() && watches_.empty() && jobs_in_flight_ == 0 &&
         !(signals_ && signals_->waits_for_some()) && !mailbox_->has_senders() &&
         !mailbox_->has_mail();
}

bool EventLoop::is_deadlocked() const noexcept {
  return tasks_.on_deadlock && nobody_can_wake();
}

void EventLoop::wait_for_something() {
  if (is_deadlocked()) {
    leave_with(tasks_.on_deadlock());
    return;
  }
  if (observer_ != nullptr) tell_of_wait();
  if (clock_.is_virtual()) {
    wait_in_virtual_time();
  } else if (busy_poll_ <= Duration::zero() || !finds_work_in_time()) {
    wait_in_real_time();
  }
}

// Looks for as long as LoopOptions::busy_poll() says; false if the loop is to sleep then. The last
// sender that goes wakes the poller, which nobody asks where no descriptor is watched: so a
// deadlock is asked for each time.
bool EventLoop::finds_work_in_time() {
  known_time_.reset();
  TimePoint now = clock_.now();
  const TimePoint end = add_saturated(now, busy_poll_);
  for (; now < end; now = clock_.now()) {
    if (has_work_until(now) || is_deadlocked()) return true;
  }
  return false;
}

void EventLoop::tell_of_wait() noexcept {
  std::optional<TimePoint> when;
  if (!timers_.empty()) when = timers_.next_deadline();
  observer_->about_to_wait(when);
}

void EventLoop::wait_in_real_time() {
  if (timers_.empty()) {
    poll(std::nullopt);
    return;
  }
  const TimePoint now = time_of_arming();
  const TimePoint next = timers_.next_deadline();
  if (next > now) {
    const Duration wait = next - now;
    const bool alone = timers_.size() == 1 || strict_;
    poll(alone ? wait : std::max(wait, kShortestWait));
  } else if (!watches_.empty()) {
    look_at_descriptors();
  }
}

void EventLoop::wait_in_virtual_time() {
  if (timers_.empty()) {
    poll(std::nullopt);
    return;
  }
  if (timers_.next_deadline() <= clock_.now()) {
    if (!watches_.empty()) look_at_descriptors();
    return;
  }
  poll(watches_.empty() ? Duration::zero() : kVirtualIdleWithDescriptors);
  if (ready_.empty()) clock_.jump_to(timers_.next_deadline());
}

bool EventLoop::poll_is_due() noexcept {
  if (watches_.empty()) return false;
  if (strict_ || stopping_ || ++turns_since_poll_ >= kTurnsBetweenPolls) return true;
  return !clock_.is_virtual() && clock_.now() - last_poll_ >= kTimeBetweenPolls;
}

void EventLoop::look_at_descriptors() {
  poll(Duration::zero());
}

void EventLoop::poll(std::optional<Duration> timeout) {
  // Armed only to sleep: while the loop is awake nobody needs to wake it.
  const bool may_sleep = timeout.value_or(Duration::max()) > Duration::zero();
  if (may_sleep && !mailbox_->arm()) timeout = Duration::zero();
  // A signal's callback may stand in the ready queue already, and cannot stand there twice.
  const bool may_collect = ready_.empty() && signals_;
  events_.clear();
  if (may_sleep) known_time_.reset();
  mailbox_->poller().wait(timeout, events_);
  take_mail();
  if (may_collect && detail::SignalWatch::some_arrived()) signals_->collect(ready_);
  for (const PollEvent& event : events_) {
    const auto found = watches_.find(event.fd);
    if (found == watches_.end()) continue;
    if (event.readable && found->second.reader) enqueue(found->second.reader);
    if (event.writable && found->second.writer) enqueue(found->second.writer);
  }
  turns_since_poll_ = 0;
  if (!watches_.empty()) last_poll_ = clock_.now();
}

void EventLoop::queue_due_timers() {
  const TimePoint now = known_time_ ? *known_time_ : clock_.now();
  while (!timers_.empty() && timers_.next_deadline() <= now) {
    const TimePoint when = timers_.next_deadline();
    const detail::Timer& timer = timers_.make_due();
    if (observer_ != nullptr && timer.counts()) observer_->timer_due(when, now);
  }
}

void EventLoop::run_ready() noexcept {
  const auto run_all = [this](auto run) {
    ready_.consume(run);
    while (detail::Timer* const timer = timers_.next_due()) run(*timer);
  };
  if (step_watch_) {
    run_all([this](detail::Runnable& entry) { run_watched(entry); });
  } else {
    run_all([](detail::Runnable& entry) { entry.run(); });
  }
}

void EventLoop::run_watched(detail::Runnable& entry) noexcept {
  step_watch_->begin(entry.describe_step());
  entry.run();
  const StepReport report = step_watch_->end();
  if (!debug_ || report.held < slow_callback_duration_) return;
  const std::chrono::duration<double> held = report.held;
  ExceptionContext context;
  context.message =
      "Executing " + report.step + " took " + std::to_string(held.count()) + " seconds";
  call_exception_handler(context);
}

// --- Debug mode ---

void EventLoop::set_debug(bool on) {
  debug_ = on;
  guarded_ = closed_ || debug_;
  if (on && !step_watch_) step_watch_ = std::make_unique<detail::StepWatch>();
}

void EventLoop::check_guarded() const {
  if (closed_) throw RuntimeError("Event loop is closed");
  if (process_ != ::getpid()) {
    throw RuntimeError("the event loop belongs to another process, which forked this one");
  }
  if (running_ && !on_own_thread()) {
    throw RuntimeError(
        "Non-thread-safe operation invoked on an event loop other than the current one");
  }
}

// --- Descriptors and signals ---

void EventLoop::update_interest(int fd) {
  const auto found = watches_.find(fd);
  const bool read = found != watches_.end() && found->second.reader;
  const bool write = found != watches_.end() && found->second.writer;
  if (!read && !write && found != watches_.end()) watches_.erase(found);
  mailbox_->poller().set_interest(fd, interest_of(read, write));
}

void EventLoop::watch(int fd, WatchSide side, detail::Ref<detail::Callback> callback) {
  auto& slot = watches_[fd].*side;
  const detail::Ref<detail::Callback> before = std::exchange(slot, std::move(callback));
  if (before) {
    before->cancel();
    return;
  }
  try {
    update_interest(fd);
  } catch (...) {
    unwatch(fd, side);
    throw;
  }
}

bool EventLoop::unwatch(int fd, WatchSide side) {
  const auto found = watches_.find(fd);
  if (found == watches_.end() || !(found->second.*side)) return false;
  std::exchange(found->second.*side, {})->cancel();
  update_interest(fd);
  return true;
}

void EventLoop::set_signal_handler(int number, detail::Ref<detail::Callback> callback) {
  if (!signals_) signals_ = std::make_unique<detail::SignalWatch>(mailbox_);
  signals_->add(number, std::move(callback));
}

bool EventLoop::remove_signal_handler(int number) {
  return signals_ && signals_->remove(number);
}

// --- Errors and the layers above ---

void EventLoop::check_runnable() const {
  check_open();
  if (running_) throw RuntimeError("This event loop is already running");
  if (running_loop != nullptr) {
    throw RuntimeError("Cannot run the event loop while another loop is running");
  }
}

bool EventLoop::on_own_thread() const noexcept {
  return running_loop == this;
}

void EventLoop::set_exception_handler(ExceptionHandler handler) {
  exception_handler_ = std::move(handler);
}

void EventLoop::call_exception_handler(const ExceptionContext& context) noexcept {
  if (!exception_handler_) {
    default_exception_handler(context);
    return;
  }
  std::exception_ptr error;
  try {
    const ExceptionHandler handler = exception_handler_;  // it may replace itself
    handler(*this, context);
  } catch (...) {
    error = std::current_exception();
  }
  if (!error) return;
  if (is_exit(error)) {
    leave_with(std::move(error));
    return;
  }
  default_exception_handler(context);
  ExceptionContext about_handler;
  about_handler.message = "Unhandled error in exception handler";
  about_handler.exception = std::move(error);
  default_exception_handler(about_handler);
}

void EventLoop::default_exception_handler(const ExceptionContext& context) noexcept {
  try {
    std::string line = "asyncio: " + context.message;
    const std::string made = to_string(context.made);
    if (!context.task_name.empty()) {
      line += " (" + context.task_name + (made.empty() ? "" : ", made in " + made) + ")";
    } else if (!made.empty()) {
      line += " (made in " + made + ")";
    }
    if (context.exception) line += ": " + describe(context.exception);
    line += '\n';
    write_to_stderr(line);
  } catch (...) {
    write_to_stderr("asyncio: an error could not be reported: out of memory\n");
  }
}

void EventLoop::callback_failed(std::exception_ptr error) noexcept {
  if (is_exit(error)) {
    leave_with(std::move(error));
    return;
  }
  ExceptionContext context;
  context.message = "Exception in callback";
  context.exception = std::move(error);
  call_exception_handler(context);
}

void EventLoop::leave_with(std::exception_ptr exit) noexcept {
  if (!exit_) exit_ = std::move(exit);
}

}  // namespace asyncio
