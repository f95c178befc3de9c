#pragma once

#include <asyncio/base/intrusive.hpp>
#include <asyncio/sync/guard.hpp>
#include <asyncio/sync/shared_state.hpp>
#include <asyncio/task/task_state.hpp>
#include <asyncio/task/waiter.hpp>
#include <string>

namespace asyncio {

namespace detail {
class LockState;
}

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
  Lock();
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
  [[nodiscard]] detail::AcquireAwaitable<detail::LockState> acquire();

  /// The same, giving a guard that releases when it goes out of scope.
  [[nodiscard]] detail::ScopedAwaitable<detail::LockState> scoped();

  /// Unlocks it, and wakes the first one in line.
  ///
  /// Throws:   RuntimeError if it is not locked.
  void release();

  /// Whether somebody has it.
  [[nodiscard]] bool locked() const noexcept;

  /// "<Lock [locked, waiters:2]>"
  friend std::string to_string(const Lock& lock);

 private:
  friend class Condition;
  detail::Ref<detail::LockState> state_;
};

// ----------------------------------------------------------------------------------------

namespace detail {

class LockState final : public Shared<LockState> {
 public:
  static constexpr const char* kAcquire = "Lock.acquire()";

  [[nodiscard]] bool locked() const noexcept { return locked_; }
  bool try_acquire() noexcept {
    if (locked_ || waiters_.has_live()) return false;
    locked_ = true;
    return true;
  }
  void begin_wait(Waiter& waiter, PromiseBase& leaf);
  void end_wait(Waiter& waiter);
  void let_go();
  [[nodiscard]] std::string text() const;

 private:
  void wake_first() noexcept {
    if (!waiters_.empty()) waiters_.front().wake();
  }

  bool locked_ = false;
  LoopBound loop_;
  WaiterLine waiters_;
};

}  // namespace detail

inline auto Lock::acquire() -> detail::AcquireAwaitable<detail::LockState> {
  return detail::AcquireAwaitable<detail::LockState>(state_);
}
inline auto Lock::scoped() -> detail::ScopedAwaitable<detail::LockState> {
  return detail::ScopedAwaitable<detail::LockState>(state_);
}
inline void Lock::release() {
  state_->let_go();
}
inline bool Lock::locked() const noexcept {
  return state_->locked();
}

}  // namespace asyncio
