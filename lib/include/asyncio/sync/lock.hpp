#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/acquire.hpp>
#include <asyncio/detail/sync/lock_state.hpp>
#include <asyncio/sync/guard.hpp>
#include <string>

namespace asyncio {

/// A lock that one task holds at a time, across its co_awaits; the others queue in order.
///
///     auto guard = co_await lock.scoped();
///
/// No task owns it: any task may release it.
///
/// Thread:   its loop's thread only. Its loop is the first one on which a task has to wait.
/// Lifetime: must be alive when it is called; waiting tasks and guards may outlive it.
/// Python:   asyncio.Lock; scoped() is its `async with`.
class Lock {
 public:
  using Guard = asyncio::Guard<detail::LockState>;  ///< the result of scoped()

  /// Creates an unlocked lock.
  Lock() : state_(new detail::LockState) {}
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() = default;

  /// Acquires the lock and returns true. Suspends while it is locked or other tasks queue for it.
  /// Call release() to unlock it.
  ///
  /// Throws:   RuntimeError if the task has to wait on a loop other than the lock's.
  /// Resumes:  in the turn after a release, never inside it.
  /// Cancel:   leaves the queue; if the task had been woken, the next one is woken instead.
  /// Cost:     no coroutine, no allocation.
  [[nodiscard]] detail::AcquireAwaitable<detail::LockState> acquire() {
    return detail::AcquireAwaitable<detail::LockState>(state_, detail::LockState::kAcquire);
  }

  /// Acquires the lock like acquire(), and returns a guard that releases it at the end of its
  /// scope.
  ///
  /// Cancel:   like acquire().
  [[nodiscard]] detail::ScopedAwaitable<detail::LockState> scoped() {
    return detail::ScopedAwaitable<detail::LockState>(state_, detail::LockState::kAcquire);
  }

  /// Unlocks the lock and wakes the first task in the queue.
  ///
  /// Throws:   RuntimeError if it is not locked.
  void release() { state_->release_hold(); }

  /// Returns whether the lock is locked.
  [[nodiscard]] bool locked() const noexcept { return state_->locked(); }

  /// Formats the state: "<Lock [locked, waiters:2]>".
  friend std::string to_string(const Lock& lock) { return lock.state_->text(); }

 private:
  friend class Condition;
  detail::Ref<detail::LockState> state_;
};

}  // namespace asyncio
