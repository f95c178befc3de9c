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

/// A lock on which tasks can also wait for a change of the data that it protects.
///
///     auto guard = co_await condition.scoped();
///     co_await condition.wait_for([&] { return !items.empty(); });
///
/// Thread:   its loop's thread only. Its loop is the first one on which a task has to wait.
/// Lifetime: must be alive when it is called; waiting tasks and guards may outlive it.
/// Python:   asyncio.Condition; scoped() is its `async with`.
class Condition {
 public:
  using Guard = Lock::Guard;  ///< the result of scoped(); releases the lock

  /// Creates a condition with a lock of its own.
  Condition();
  /// Creates a condition with `lock`, which other code may use too.
  explicit Condition(Lock& lock);
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;
  ~Condition() = default;

  // --- The lock: see Lock ---

  /// Acquires the lock, like Lock::acquire().
  ///
  /// Cancel:   leaves the queue.
  [[nodiscard]] detail::AcquireAwaitable<detail::LockState> acquire() {
    return detail::AcquireAwaitable<detail::LockState>(state_->lock(), detail::LockState::kAcquire);
  }
  /// Acquires the lock and returns a guard, like Lock::scoped().
  ///
  /// Cancel:   leaves the queue.
  [[nodiscard]] detail::ScopedAwaitable<detail::LockState> scoped() {
    return detail::ScopedAwaitable<detail::LockState>(state_->lock(), detail::LockState::kAcquire);
  }
  /// Releases the lock, like Lock::release().
  void release() { state_->lock()->release_hold(); }
  /// Returns whether the lock is locked.
  [[nodiscard]] bool locked() const noexcept { return state_->lock()->locked(); }

  /// Releases the lock, waits for a notification, acquires the lock again, and returns true. It may
  /// do so without a notification, so check the data again.
  ///
  /// Throws:   RuntimeError if the lock is not locked, or if the task waits on a loop other than
  ///           the condition's.
  /// Cancel:   throws after it has acquired the lock again; if there were several cancels, the last
  ///           one. Notifies another task, because this one may have been notified already.
  /// Cost:     one coroutine.
  [[nodiscard]] Coroutine<bool> wait() {
    return detail::ConditionState::wait(state_, detail::ConditionState::kWait);
  }

  /// Waits until `predicate()` is true and returns its value. The lock is held during each call.
  /// The first call comes before any wait; if it returns true, the lock need not be held.
  ///
  /// Throws:   like wait(); any exception of `predicate`.
  /// Cancel:   like wait().
  /// Cost:     one coroutine, and another for each wait.
  template <std::invocable Predicate>
  [[nodiscard]] Coroutine<detail::PredicateValue<Predicate>> wait_for(Predicate predicate) {
    return detail::ConditionState::wait_for<Predicate>(state_, std::move(predicate));
  }

  /// Wakes the first `count` waiting tasks, or all if there are fewer. They continue one after
  /// another, as each one acquires the lock.
  ///
  /// Throws:   RuntimeError if the lock is not locked.
  /// Cost:     linear in the number of tasks woken.
  void notify(std::size_t count = 1);
  /// Wakes all waiting tasks, like notify().
  ///
  /// Throws:   RuntimeError if the lock is not locked.
  void notify_all();

  /// Formats the state: "<Condition [locked, waiters:2]>".
  friend std::string to_string(const Condition& condition) { return condition.state_->text(); }

 private:
  detail::Ref<detail::ConditionState> state_;
};

}  // namespace asyncio
