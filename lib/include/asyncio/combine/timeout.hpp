#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/combine/as_result.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/task/task_state.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace asyncio {

class Timeout;

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
  // --- What run() does before and after the body; for the library's own coroutines ---
  void enter();
  /// Throws TimeoutError if `error`, how the body ended, is this timeout's doing.
  void leave(const std::exception_ptr& error);
  /// The frame of run() goes; nothing if leave() has been called.
  void abandon() noexcept;
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

  void check_active() const;
  void set_alarm(EventLoop& loop, TimePoint now);
  void silence() noexcept {
    if (alarm_.armed()) task_->loop()->disarm(alarm_);
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

/// Awaits a coroutine, a task or a future with a time limit. A coroutine runs in the present
/// task, unless `limit` is zero or less.
///
/// At the deadline it is cancelled, and its end is awaited; shield() it to let it run on. With
/// a limit of zero or less: its result if it is done, else it is cancelled at once, a coroutine
/// without having begun.
///
/// Throws:   TimeoutError; what the awaited one throws.
/// Cancel:   cancels what is awaited.
/// Cost:     one coroutine; a place in the timer queue.
/// Python:   asyncio.wait_for.
template <class T>
Coroutine<T> wait_for(Coroutine<T> coroutine, TimeLimit limit);
/// The same of a future.
template <class T>
Coroutine<T> wait_for(Future<T> future, TimeLimit limit);
/// The same of a task.
template <class T>
Coroutine<T> wait_for(Task<T> task, TimeLimit limit);
/// The same of any other awaitable of this library: `wait_for(event.wait(), 1s)`.
template <detail::PlainAwaitable A>
Coroutine<typename A::value_type> wait_for(A awaitable, TimeLimit limit);
/// The same of any future.
inline Coroutine<void> wait_for(AnyFuture future, TimeLimit limit);

// ----------------------------------------------------------------------------------------

namespace detail {

/// Cancels `future` and waits until it is done. A cancel of the waiting task does not pass to
/// it a second time.
Coroutine<void> cancel_and_wait(AnyFuture future);

/// Where a timeout lives: with its user, or in the frame of the coroutine that makes it.
template <class Spec>
struct TimeoutIn {
  explicit TimeoutIn(Spec spec) : timeout(spec) {}
  void enter() { timeout.enter(); }
  Timeout timeout;
};
template <>
struct TimeoutIn<Timeout*> {
  explicit TimeoutIn(Timeout* spec) : timeout(*spec) {}
  TimeoutIn(const TimeoutIn&) = delete;
  TimeoutIn& operator=(const TimeoutIn&) = delete;
  ~TimeoutIn() {
    if (entered) timeout.abandon();
  }
  void enter() {
    timeout.enter();
    entered = true;
  }
  Timeout& timeout;
  bool entered = false;
};

/// Awaits, within the timeout that `spec` gives, what `source` is or, called with the timeout,
/// returns.
template <class T, class Spec, class Source>
Coroutine<T> await_within(Spec spec, Source source) {
  TimeoutIn<Spec> scope(spec);
  scope.enter();
  auto result = co_await attempt([&] { return open_source(source, scope.timeout); });
  scope.timeout.leave(result.error());
  co_return take_value(std::move(result));
}

/// wait_for() with a limit of zero or less.
template <class T, class Awaitable>
Coroutine<T> cancel_unless_done(Awaitable awaitable) {
  auto future = ensure_future(std::move(awaitable));
  if (!future.done()) {
    co_await cancel_and_wait(future);
    // Not cancelled(): a gather ends with a CancelledError without being cancelled.
    std::exception_ptr error = future.state()->error_or_cancel();
    if (is_cancelled_error(error)) throw TimeoutError("timed out", std::move(error));
  }
  future.state()->require_value();
  co_return future.take_value();
}

template <class T, class Awaitable>
Coroutine<T> wait_for_any(Awaitable awaitable, TimeLimit limit) {
  if (limit.limited() && limit.span() <= Duration::zero()) {
    return cancel_unless_done<T>(std::move(awaitable));
  }
  return await_within<T>(limit, std::move(awaitable));
}

}  // namespace detail

template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> Timeout::run(Body body) {
  return detail::await_within<detail::opened_t<Body, Timeout>>(this, std::move(body));
}

template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout(TimeLimit limit, Body body) {
  return detail::await_within<detail::opened_t<Body, Timeout>>(limit, std::move(body));
}

template <class Body>
Coroutine<detail::opened_t<Body, Timeout>> timeout_at(TimePoint when, Body body) {
  return detail::await_within<detail::opened_t<Body, Timeout>>(when, std::move(body));
}

template <class T>
Coroutine<T> wait_for(Coroutine<T> coroutine, TimeLimit limit) {
  return detail::wait_for_any<T>(std::move(coroutine), limit);
}
template <class T>
Coroutine<T> wait_for(Future<T> future, TimeLimit limit) {
  return detail::wait_for_any<T>(std::move(future), limit);
}
template <class T>
Coroutine<T> wait_for(Task<T> task, TimeLimit limit) {
  return detail::wait_for_any<T>(std::move(task), limit);
}
template <detail::PlainAwaitable A>
Coroutine<typename A::value_type> wait_for(A awaitable, TimeLimit limit) {
  return wait_for(detail::as_coroutine(std::move(awaitable)), limit);
}
inline Coroutine<void> wait_for(AnyFuture future, TimeLimit limit) {
  return detail::wait_for_any<void>(std::move(future), limit);
}

}  // namespace asyncio
