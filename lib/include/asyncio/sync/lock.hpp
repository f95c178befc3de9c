#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/acquire.hpp>
#include <asyncio/detail/sync/lock_state.hpp>
#include <asyncio/sync/guard.hpp>
#include <string>

namespace asyncio {

/// Keeps others out while one task is at work across its co_awaits; the others queue in order.
///
///     auto guard = co_await lock.scoped();
///
/// It belongs to no task: any may release it.
///
/// Thread:   its loop's thread only: the loop on which somebody first has to wait.
/// Lifetime: must be alive where it is called; who waits, and a guard, may outlive it.
/// Python:   asyncio.Lock; scoped() is its `async with`.
class Lock {
 public:
  using Guard = asyncio::Guard<detail::LockState>;  ///< what scoped() gives

  /// Unlocked.
  Lock() : state_(new detail::LockState) {}
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() = default;

  /// Locks it, to be unlocked by release(); suspends while it is locked, or others stand in
  /// line. Gives true.
  ///
  /// Throws:   RuntimeError if it has to wait on another loop than others have waited on.
  /// Resumes:  in the turn after a release, never inside it.
  /// Cancel:   leaves the line; if it had its turn, that is the next one's.
  /// Cost:     no coroutine, no allocation.
  [[nodiscard]] detail::AcquireAwaitable<detail::LockState> acquire() {
    return detail::AcquireAwaitable<detail::LockState>(state_, detail::LockState::kAcquire);
  }

  /// The same, giving a guard that releases when it goes out of scope.
  [[nodiscard]] detail::ScopedAwaitable<detail::LockState> scoped() {
    return detail::ScopedAwaitable<detail::LockState>(state_, detail::LockState::kAcquire);
  }

  /// Unlocks it, and wakes the first one in line.
  ///
  /// Throws:   RuntimeError if it is not locked.
  void release() { state_->release_hold(); }

  /// Whether somebody has it.
  [[nodiscard]] bool locked() const noexcept { return state_->locked(); }

  /// "<Lock [locked, waiters:2]>"
  friend std::string to_string(const Lock& lock) { return lock.state_->text(); }

 private:
  friend class Condition;
  detail::Ref<detail::LockState> state_;
};

}  // namespace asyncio
