#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/acquire.hpp>
#include <asyncio/detail/sync/semaphore_state.hpp>
#include <asyncio/sync/guard.hpp>
#include <cstddef>
#include <string>
#include <utility>

namespace asyncio {

/// A counter that admits at most `permits` tasks at a time; the others queue in order.
///
///     auto guard = co_await semaphore.scoped();
///
/// Thread:   its loop's thread only. Its loop is the first one on which a task has to wait.
/// Lifetime: must be alive when it is called; waiting tasks and guards may outlive it.
/// Python:   asyncio.Semaphore; scoped() is its `async with`.
class Semaphore {
 public:
  using Guard = asyncio::Guard<detail::SemaphoreState>;  ///< the result of scoped()

  /// Creates a semaphore with `permits` permits.
  ///
  /// Throws:   ValueError if `permits` is negative.
  explicit Semaphore(std::ptrdiff_t permits = 1)
      : state_(new detail::SemaphoreState(permits, detail::SemaphoreState::kNoBound)) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  ~Semaphore() = default;

  /// Acquires a permit and returns true. Suspends while none is free or other tasks queue for one.
  /// Call release() to give the permit back.
  ///
  /// Throws:   RuntimeError if the task has to wait on a loop other than the semaphore's.
  /// Resumes:  in the turn after a release, never inside it.
  /// Cancel:   leaves the queue; a permit that was granted already goes to the next task.
  /// Cost:     no coroutine, no allocation.
  [[nodiscard]] detail::AcquireAwaitable<detail::SemaphoreState> acquire() {
    return detail::AcquireAwaitable<detail::SemaphoreState>(state_,
                                                            detail::SemaphoreState::kAcquire);
  }

  /// Acquires a permit like acquire(), and returns a guard that releases it at the end of its
  /// scope.
  ///
  /// Cancel:   like acquire().
  [[nodiscard]] detail::ScopedAwaitable<detail::SemaphoreState> scoped() {
    return detail::ScopedAwaitable<detail::SemaphoreState>(state_,
                                                           detail::SemaphoreState::kAcquire);
  }

  /// Releases a permit and grants it to the first task in the queue.
  ///
  /// Throws:   ValueError from a BoundedSemaphore that has all its permits.
  void release() { state_->release_hold(); }

  /// Returns whether acquire() would have to wait.
  [[nodiscard]] bool locked() const noexcept { return state_->locked(); }

  /// Formats the state: "<Semaphore [unlocked, value:1]>".
  friend std::string to_string(const Semaphore& semaphore) { return semaphore.state_->text(); }

 protected:
  /// @cond detail
  explicit Semaphore(detail::Ref<detail::SemaphoreState> state) noexcept
      : state_(std::move(state)) {}
  /// @endcond

 private:
  detail::Ref<detail::SemaphoreState> state_;
};

/// A Semaphore that never has more permits than at its start: a release() beyond that fails.
///
/// Thread:   like a Semaphore.
/// Python:   asyncio.BoundedSemaphore.
class BoundedSemaphore : public Semaphore {
 public:
  /// Creates a semaphore with `permits` permits, which is also its limit.
  ///
  /// Throws:   ValueError if `permits` is negative.
  explicit BoundedSemaphore(std::ptrdiff_t permits = 1)
      : Semaphore(detail::Ref(new detail::SemaphoreState(permits, permits))) {}
};

}  // namespace asyncio
