#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/result_access.hpp>
#include <asyncio/detail/combine/attempt.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/handle.hpp>
#include <asyncio/task/coroutine.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace asyncio {

/// A time limit for part of a coroutine. That part, the body, runs in the same task. The limit can
/// be moved while the body runs and queried afterwards. Inside a co_await expression, pass only a
/// lambda that captures nothing but references; store any other in a variable first, because g++ 12
/// destroys it twice there.
///
///     Timeout limit(5s);
///     auto page = co_await limit.run([&]() -> Coroutine<std::string> { ... });
///
/// At the deadline, the timeout cancels the task; run() turns that CancelledError, and no other,
/// into a TimeoutError.
///
/// Thread:   its loop's thread only.
/// Lifetime: must outlive run().
/// Python:   asyncio.Timeout; run(body) is the body of its `async with`.
class Timeout {
 public:
  /// Sets the deadline to `limit` after run() begins; std::nullopt means never.
  explicit Timeout(TimeLimit limit) noexcept : limit_(limit) {}
  /// Sets the deadline to `when`, a time on the loop's clock.
  explicit Timeout(TimePoint when) noexcept : limit_(std::nullopt), when_(when) {}
  Timeout(const Timeout&) = delete;
  Timeout& operator=(const Timeout&) = delete;
  /// Cancels the timer of the deadline, if it is still armed.
  ~Timeout() { silence(); }

  /// Runs `body()` or `body(*this)`, which returns a Coroutine, and returns its result.
  ///
  /// Throws:   TimeoutError if the deadline passes first, with the CancelledError as cause();
  ///           what the body throws; RuntimeError if the timeout has already been run, or outside
  ///           a task.
  /// Cancel:   cancels the body; a cancel from outside stays a CancelledError.
  /// Cost:     one coroutine; an entry in the timer queue.
  template <class Body>
  Coroutine<detail::opened_t<Body, Timeout>> run(Body body);

  /// Moves the deadline to a time on the loop's clock, or removes it for std::nullopt.
  ///
  /// Throws:   RuntimeError unless run() is under way and the old deadline has not passed.
  void reschedule(std::optional<TimePoint> when);
  /// Moves the deadline to a time on the loop's clock.
  void reschedule(TimePoint when) { reschedule(std::optional(when)); }
  /// Moves the deadline to `span` from now.
  template <class Rep, class Period>
  void reschedule(std::chrono::duration<Rep, Period> span) {
    reschedule(add_saturated(get_running_loop().time(), to_duration(span)));
  }

  /// Returns the deadline; empty if there is none, and before run() if the limit is a span.
  [[nodiscard]] std::optional<TimePoint> when() const noexcept { return when_; }
  /// Returns whether the deadline passed while run() was under way.
  [[nodiscard]] bool expired() const noexcept {
    return state_ == State::expiring || state_ == State::expired;
  }

  /// Returns a description for messages: "<Timeout [active] when=5.000>".
  friend std::string to_string(const Timeout& timeout);

  /// @cond detail
  /// Awaits `source` within a new timeout. `source` is an awaitable, or a callable that returns one
  /// and may take the timeout.
  template <class T, class Limit, class Source>
  static Coroutine<T> await_within(Limit limit, Source source);
  /// Starts the timeout for the running task.
  void enter();
  /// @endcond

 private:
  enum class State : std::uint8_t { created, entered, expiring, expired, exited };

  /// A timer that fires at the deadline.
  class Alarm final : public detail::Timer {
   public:
    explicit Alarm(Timeout& timeout) noexcept : timeout_(timeout) {}
    void run() noexcept override;
    void discard() noexcept override {}
    [[nodiscard]] std::string describe_step() const override { return "a time limit"; }

   private:
    Timeout& timeout_;
  };

  /// A guard that enters a timeout, and abandons it if the frame of run() is destroyed early.
  class Scope {
   public:
    explicit Scope(Timeout& timeout) : timeout_(timeout) { timeout_.enter(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { timeout_.abandon(); }

   private:
    Timeout& timeout_;
  };

  /// Ends the timeout. Throws TimeoutError if the timeout caused `error`, the error of the body.
  void leave(const std::exception_ptr& error);
  /// Ends the timeout without throwing; does nothing after leave().
  void abandon() noexcept;
  void check_active() const;
  void set_alarm(detail::LoopCore& core, TimePoint now);
  void silence() noexcept {
    if (alarm_.armed()) task_->core().disarm(alarm_);
    soon_.cancel();
  }
  void expire();

  TimeLimit limit_;
  std::optional<TimePoint> when_;
  State state_ = State::created;
  std::uint32_t cancelling_before_ = 0;
  detail::TaskBase* task_ = nullptr;  // the task that executes run()
  Alarm alarm_{*this};
  // Replaces the alarm for a deadline that is already past when set: as in CPython, expire() then
  // goes into the ready queue. A handle can be cancelled there; an alarm could not be disarmed.
  Handle soon_;
};

/// Runs `body()` or `body(Timeout&)` with a time limit and returns its result: the short form of
/// Timeout.
///
///     auto page = co_await timeout(5s, [&]() -> Coroutine<std::string> { ... });
///
/// Throws:   TimeoutError if the body takes longer; what the body throws.
/// Cancel:   cancels the body.
/// Cost:     one coroutine; an entry in the timer queue.
/// Python:   `async with asyncio.timeout(limit)`.
template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout(TimeLimit limit, Body body);

/// Runs a body with a deadline, a time on the loop's clock, and returns its result.
///
/// Python:   `async with asyncio.timeout_at(when)`.
template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout_at(TimePoint when, Body body);

// ----------------------------------------------------------------------------------------

template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> Timeout::run(Body body) {
  const Scope scope(*this);
  auto result = co_await detail::attempt([&] { return detail::open_source(body, *this); });
  leave(result.error());
  co_return detail::take_value(std::move(result));
}

/// @cond detail
template <class T, class Limit, class Source>
Coroutine<T> Timeout::await_within(Limit limit, Source source) {
  Timeout timeout(limit);
  const Scope scope(timeout);
  auto result = co_await detail::attempt([&] { return detail::open_source(source, timeout); });
  timeout.leave(result.error());
  co_return detail::take_value(std::move(result));
}
/// @endcond

template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout(TimeLimit limit, Body body) {
  return Timeout::await_within<detail::opened_t<Body, Timeout>>(limit, std::move(body));
}

template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout_at(TimePoint when, Body body) {
  return Timeout::await_within<detail::opened_t<Body, Timeout>>(when, std::move(body));
}

}  // namespace asyncio
