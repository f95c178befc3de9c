#pragma once

#include <asyncio/base/intrusive.hpp>
#include <asyncio/sync/guard.hpp>
#include <asyncio/sync/lock.hpp>
#include <asyncio/sync/shared_state.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/waiter.hpp>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {
class ConditionState;
template <class Predicate>
using PredicateValue = std::decay_t<std::invoke_result_t<Predicate&>>;
}  // namespace detail

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
  [[nodiscard]] detail::AcquireAwaitable<detail::LockState> acquire();
  /// As Lock::scoped().
  [[nodiscard]] detail::ScopedAwaitable<detail::LockState> scoped();
  /// As Lock::release().
  void release();
  /// As Lock::locked().
  [[nodiscard]] bool locked() const noexcept;

  /// Releases the lock, waits to be notified, takes the lock back, and gives true. It may do so
  /// without being notified: look again what has changed.
  ///
  /// Throws:   RuntimeError if the lock is not locked, or if it has to wait on another loop than
  ///           others have waited on.
  /// Cancel:   CancelledError is thrown when the lock has been taken back, the last one of
  ///           several. If it had been notified, the next one is.
  /// Cost:     one coroutine.
  [[nodiscard]] Coroutine<bool> wait();

  /// Waits until `predicate()` is true and gives its value. It is called with the lock held,
  /// first at once; if it is true then, the lock need not be.
  ///
  /// Throws:   as wait(); what `predicate` throws.
  /// Cancel:   as wait().
  /// Cost:     one coroutine, and another for each wait.
  template <std::invocable Predicate>
  [[nodiscard]] Coroutine<detail::PredicateValue<Predicate>> wait_for(Predicate predicate);

  /// Wakes the first `count` of those who wait, or all if there are fewer. They go on when they
  /// have the lock, one after another.
  ///
  /// Throws:   RuntimeError if the lock is not locked.
  /// Cost:     linear in how many it wakes.
  void notify(std::size_t count = 1);
  /// The same for all.
  void notify_all();

  /// "<Condition [locked, waiters:2]>"
  friend std::string to_string(const Condition& condition);

 private:
  detail::Ref<detail::ConditionState> state_;
};

// ----------------------------------------------------------------------------------------

namespace detail {

class ConditionState final : public Shared<ConditionState> {
 public:
  static constexpr const char* kWait = "Condition.wait()";

  explicit ConditionState(Ref<LockState> lock) noexcept : lock_(std::move(lock)) {}

  [[nodiscard]] const Ref<LockState>& lock() const noexcept { return lock_; }
  void check_notify() const;
  bool wake_next() noexcept { return waiters_.wake_next(); }
  void wake_all() noexcept {
    while (wake_next()) {
    }
  }
  [[nodiscard]] std::string text() const;

  static Coroutine<bool> wait(Ref<ConditionState> self, const char* what);

  template <class Predicate>
  static Coroutine<PredicateValue<Predicate>> wait_for(Ref<ConditionState> self,
                                                       Predicate predicate) {
    PredicateValue<Predicate> value = std::invoke(predicate);
    while (!value) {
      co_await wait(self, "Condition.wait_for()");
      value = std::invoke(predicate);
    }
    co_return value;
  }

 private:
  void begin_wait(Waiter& waiter);

  Ref<LockState> lock_;
  LoopBound loop_;
  GrantLine waiters_;
};

}  // namespace detail

inline auto Condition::acquire() -> detail::AcquireAwaitable<detail::LockState> {
  return detail::AcquireAwaitable<detail::LockState>(state_->lock());
}
inline auto Condition::scoped() -> detail::ScopedAwaitable<detail::LockState> {
  return detail::ScopedAwaitable<detail::LockState>(state_->lock());
}
inline void Condition::release() {
  state_->lock()->let_go();
}
inline bool Condition::locked() const noexcept {
  return state_->lock()->locked();
}
inline Coroutine<bool> Condition::wait() {
  return detail::ConditionState::wait(state_, detail::ConditionState::kWait);
}
template <std::invocable Predicate>
Coroutine<detail::PredicateValue<Predicate>> Condition::wait_for(Predicate predicate) {
  return detail::ConditionState::wait_for<Predicate>(state_, std::move(predicate));
}

}  // namespace asyncio
