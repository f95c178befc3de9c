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

/// A time limit for a part of a coroutine, which runs in the same task; it can be moved while
/// that part runs, and asked for afterwards. A body captures references; what captures more is
/// named first: g++ 12 destroys it twice inside a co_await expression.
///
///     Timeout limit(5s);
///     auto page = co_await limit.run([&]() -> Coroutine<std::string> { ... });
///
/// When it is due the task is cancelled; run() turns that CancelledError, and no other, into a
/// TimeoutError.
///
/// Thread:   its loop's thread only.
/// Lifetime: must outlive run().
/// Python:   asyncio.Timeout; run(body) is the body of its `async with`.
class Timeout {
 public:
  /// Due `limit` after run() begins; std::nullopt: never, unless it is rescheduled.
  explicit Timeout(TimeLimit limit) noexcept : limit_(limit) {}
  /// Due at `when`, a time of the loop.
  explicit Timeout(TimePoint when) noexcept : limit_(std::nullopt), when_(when) {}
  Timeout(const Timeout&) = delete;
  Timeout& operator=(const Timeout&) = delete;
  ~Timeout() { silence(); }

  /// Runs `body()` or `body(*this)`, which returns a Coroutine, and gives its result.
  ///
  /// Throws:   TimeoutError when it was due first, with the CancelledError as cause(); what
  ///           the body throws; RuntimeError if it has been run before, or outside a task.
  /// Cancel:   a cancel from outside stays a CancelledError.
  /// Cost:     one coroutine; a place in the timer queue.
  template <class Body>
  Coroutine<detail::opened_t<Body, Timeout>> run(Body body);

  /// Moves the deadline: to a time of the loop, to `span` from now, or to never.
  ///
  /// Throws:   RuntimeError unless run() is under way and the old deadline has not passed.
  void reschedule(std::optional<TimePoint> when);
  /// The same: to a time of the loop.
  void reschedule(TimePoint when) { reschedule(std::optional(when)); }
  /// The same: to `span` from now.
  template <class Rep, class Period>
  void reschedule(std::chrono::duration<Rep, Period> span) {
    reschedule(add_saturated(get_running_loop().time(), to_duration(span)));
  }

  /// The deadline; empty for never, and before run() if it was given as a span.
  [[nodiscard]] std::optional<TimePoint> when() const noexcept { return when_; }
  /// Whether the deadline passed while run() was under way.
  [[nodiscard]] bool expired() const noexcept {
    return state_ == State::expiring || state_ == State::expired;
  }

  /// "<Timeout [active] when=5.000>": for messages.
  friend std::string to_string(const Timeout& timeout);

  /// @cond detail
  /// Awaits, within a new timeout of `limit`, what `source` is or, called with the timeout, returns.
  template <class T, class Limit, class Source>
  static Coroutine<T> await_within(Limit limit, Source source);
  /// Begins the timeout, in the task that is running.
  void enter();
  /// @endcond

 private:
  enum class State : std::uint8_t { created, entered, expiring, expired, exited };

  /// Goes off at the deadline.
  class Alarm final : public detail::Timer {
   public:
    explicit Alarm(Timeout& timeout) noexcept : timeout_(timeout) {}
    void run() noexcept override;
    void discard() noexcept override {}
    [[nodiscard]] std::string describe_step() const override { return "a time limit"; }

   private:
    Timeout& timeout_;
  };

  /// Enters a timeout, and leaves it if the frame of run() is destroyed before its end.
  class Scope {
   public:
    explicit Scope(Timeout& timeout) : timeout_(timeout) { timeout_.enter(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { timeout_.abandon(); }

   private:
    Timeout& timeout_;
  };

  /// Throws TimeoutError if `error`, with which the body ended, is this timeout's doing.
  void leave(const std::exception_ptr& error);
  /// Does nothing after leave().
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
  detail::TaskBase* task_ = nullptr;  // whose frame run() is in, while that is under way
  Alarm alarm_{*this};
  // In place of the alarm, for a deadline that was past when it was set: a place among what is
  // ready, as CPython's, out of which an alarm could not be taken.
  Handle soon_;
};

/// Runs `body()` or `body(Timeout&)` with a time limit: the short form of Timeout.
///
///     auto page = co_await timeout(5s, [&]() -> Coroutine<std::string> { ... });
///
/// Throws:   TimeoutError when it takes longer; what the body throws.
/// Cancel:   passed on to the body.
/// Cost:     one coroutine; a place in the timer queue.
/// Python:   `async with asyncio.timeout(limit)`.
template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout(TimeLimit limit, Body body);

/// The same with a time of the loop.
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

template <class T, class Limit, class Source>
Coroutine<T> Timeout::await_within(Limit limit, Source source) {
  Timeout timeout(limit);
  const Scope scope(timeout);
  auto result = co_await detail::attempt([&] { return detail::open_source(source, timeout); });
  timeout.leave(result.error());
  co_return detail::take_value(std::move(result));
}

template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout(TimeLimit limit, Body body) {
  return Timeout::await_within<detail::opened_t<Body, Timeout>>(limit, std::move(body));
}

template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout_at(TimePoint when, Body body) {
  return Timeout::await_within<detail::opened_t<Body, Timeout>>(when, std::move(body));
}

}  // namespace asyncio
