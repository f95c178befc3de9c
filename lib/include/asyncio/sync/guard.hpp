#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/base/intrusive.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task_state.hpp>
#include <asyncio/task/waiter.hpp>
#include <coroutine>
#include <exception>
#include <utility>

namespace asyncio {

namespace detail {
/// Tells the exception handler of the running loop, if one runs, of a guard that found nothing
/// to release.
void report_failed_release(std::exception_ptr error) noexcept;
}  // namespace detail

/// Holds a lock, or a permit of a semaphore, and releases it when it goes out of scope; what
/// scoped() gives, as `Lock::Guard` and so on.
///
/// Thread:   its loop's thread only.
/// Lifetime: may outlive what it holds.
/// Python:   the block of an `async with`.
template <class State>
class [[nodiscard("it releases when it is dropped")]] Guard {
 public:
  /// @cond detail
  /// Takes over a hold that the caller has.
  explicit Guard(detail::Ref<State> held) noexcept : held_(std::move(held)) {}
  /// @endcond
  /// Takes over what the other one holds.
  Guard(Guard&&) noexcept = default;
  /// The same, after a release of what it holds itself.
  Guard& operator=(Guard&& other) noexcept {
    if (this != &other) {
      drop();
      held_ = std::move(other.held_);
    }
    return *this;
  }
  /// Releases what it still holds. Where that is an error, because somebody else has released
  /// it, the running loop's exception handler hears of it.
  ~Guard() { drop(); }

  /// Releases before the end of the scope.
  ///
  /// Throws:   what release() of the lock or semaphore throws; RuntimeError if it holds nothing.
  void release() {
    if (!held_) throw RuntimeError("the guard has released already");
    std::exchange(held_, {})->let_go();
  }

  /// False when it has released, or has been moved from.
  [[nodiscard]] bool holds() const noexcept { return static_cast<bool>(held_); }

 private:
  void drop() noexcept {
    if (!held_) return;
    try {
      release();
    } catch (...) {
      detail::report_failed_release(std::current_exception());
    }
  }

  detail::Ref<State> held_;
};

namespace detail {

/// Takes a lock or a permit, or stands in line for it, without a coroutine of its own. The
/// awaitable that it comes from keeps `state` alive.
template <class State>
class AcquireAwaiter : public AwaiterTag {
 public:
  AcquireAwaiter(State& state, const char* what) noexcept : state_(state), waiter_(what) {}

  bool await_ready() noexcept { return state_.try_acquire(); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    state_.begin_wait(waiter_, leaf.promise());
  }
  bool await_resume() {
    if (waiter_.has_waited()) state_.end_wait(waiter_);
    return true;
  }

 protected:
  State& state_;

 private:
  PlainWaiter waiter_;
};

template <class State>
class ScopedAwaiter final : public AcquireAwaiter<State> {
 public:
  using AcquireAwaiter<State>::AcquireAwaiter;
  [[nodiscard]] Guard<State> await_resume() {
    (void)AcquireAwaiter<State>::await_resume();
    return Guard<State>(Ref<State>(&this->state_));
  }
};

/// What acquire() returns.
///
/// Cancel:   leaves the line; a hold that was on its way is the next one's.
template <class State>
class [[nodiscard("co_await it")]] AcquireAwaitable {
 public:
  using value_type = bool;
  explicit AcquireAwaitable(Ref<State> state, const char* what = State::kAcquire) noexcept
      : state_(std::move(state)), what_(what) {}
  auto operator co_await() const noexcept { return AcquireAwaiter<State>(*state_, what_); }

 private:
  Ref<State> state_;
  const char* what_;
};

/// What scoped() returns.
///
/// Cancel:   as AcquireAwaitable.
template <class State>
class [[nodiscard("co_await it")]] ScopedAwaitable {
 public:
  using value_type = Guard<State>;
  explicit ScopedAwaitable(Ref<State> state, const char* what = State::kAcquire) noexcept
      : state_(std::move(state)), what_(what) {}
  auto operator co_await() const noexcept { return ScopedAwaiter<State>(*state_, what_); }

 private:
  Ref<State> state_;
  const char* what_;
};

}  // namespace detail
}  // namespace asyncio
