#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/acquire.hpp>
#include <asyncio/detail/sync/condition_state.hpp>
#include <asyncio/detail/sync/lock_state.hpp>
#include <asyncio/sync/lock.hpp>
#include <asyncio/task/coroutine.hpp>
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

namespace asyncio {

/// A lock with a place to wait until something has changed of what it protects.
///
///     auto guard = co_await condition.scoped();
///     co_await condition.wait_for([&] { return !items.empty(); });
///
/// Thread:   its loop's thread only: the loop on which somebody first has to wait.
/// Lifetime: must be alive where it is called; who waits, and a guard, may outlive it.
/// Python:   asyncio.Condition; scoped() is its `async with`.
class Condition {
 public:
  using Guard = Lock::Guard;  ///< what scoped() gives: it releases the lock

  /// With a lock of its own.
  Condition();
  /// With `lock`, which others may use too.
  explicit Condition(Lock& lock);
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;
  ~Condition() = default;

  // --- The lock's: see Lock ---

  /// As Lock::acquire().
  ///
  /// Cancel:   leaves the line.
  [[nodiscard]] detail::AcquireAwaitable<detail::LockState> acquire() {
    return detail::AcquireAwaitable<detail::LockState>(state_->lock(), detail::LockState::kAcquire);
  }
  /// As Lock::scoped().
  [[nodiscard]] detail::ScopedAwaitable<detail::LockState> scoped() {
    return detail::ScopedAwaitable<detail::LockState>(state_->lock(), detail::LockState::kAcquire);
  }
  /// As Lock::release().
  void release() { state_->lock()->release_hold(); }
  /// As Lock::locked().
  [[nodiscard]] bool locked() const noexcept { return state_->lock()->locked(); }

  /// Releases the lock, waits to be notified, takes the lock back, and gives true. It may do so
  /// without being notified: look again what has changed.
  ///
  /// Throws:   RuntimeError if the lock is not locked, or if it has to wait on another loop than
  ///           others have waited on.
  /// Cancel:   CancelledError is thrown when the lock has been taken back, the last one of
  ///           several. If it had been notified, the next one is.
  /// Cost:     one coroutine.
  [[nodiscard]] Coroutine<bool> wait() {
    return detail::ConditionState::wait(state_, detail::ConditionState::kWait);
  }

  /// Waits until `predicate()` is true and gives its value. It is called with the lock held,
  /// first at once; if it is true then, the lock need not be.
  ///
  /// Throws:   as wait(); what `predicate` throws.
  /// Cancel:   as wait().
  /// Cost:     one coroutine, and another for each wait.
  template <std::invocable Predicate>
  [[nodiscard]] Coroutine<detail::PredicateValue<Predicate>> wait_for(Predicate predicate) {
    return detail::ConditionState::wait_for<Predicate>(state_, std::move(predicate));
  }

  /// Wakes the first `count` of those who wait, or all if there are fewer. They go on when they
  /// have the lock, one after another.
  ///
  /// Throws:   RuntimeError if the lock is not locked.
  /// Cost:     linear in how many it wakes.
  void notify(std::size_t count = 1);
  /// The same for all.
  void notify_all();

  /// "<Condition [locked, waiters:2]>"
  friend std::string to_string(const Condition& condition) {
    return condition.state_->text();
  }

 private:
  detail::Ref<detail::ConditionState> state_;
};

}  // namespace asyncio
