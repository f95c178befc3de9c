#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/acquire.hpp>
#include <asyncio/detail/sync/semaphore_state.hpp>
#include <asyncio/sync/guard.hpp>
#include <cstddef>
#include <string>
#include <utility>

namespace asyncio {

/// Admits at most `permits` tasks at a time; the others queue in order.
///
///     auto guard = co_await semaphore.scoped();
///
/// Thread:   its loop's thread only: the loop on which somebody first has to wait.
/// Lifetime: must be alive where it is called; who waits, and a guard, may outlive it.
/// Python:   asyncio.Semaphore; scoped() is its `async with`.
class Semaphore {
 public:
  using Guard = asyncio::Guard<detail::SemaphoreState>;  ///< what scoped() gives

  /// With so many permits.
  ///
  /// Throws:   ValueError if `permits` is negative.
  explicit Semaphore(std::ptrdiff_t permits = 1)
      : state_(new detail::SemaphoreState(permits, detail::SemaphoreState::kNoBound)) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  ~Semaphore() = default;

  /// Takes a permit, to be given back by release(); suspends while none is free, or others
  /// stand in line. Gives true.
  ///
  /// Throws:   RuntimeError if it has to wait on another loop than others have waited on.
  /// Resumes:  in the turn after a release, never inside it.
  /// Cancel:   leaves the line; a permit already granted goes to the next one.
  /// Cost:     no coroutine, no allocation.
  [[nodiscard]] detail::AcquireAwaitable<detail::SemaphoreState> acquire() {
    return detail::AcquireAwaitable<detail::SemaphoreState>(state_, detail::SemaphoreState::kAcquire);
  }

  /// The same, giving a guard that releases when it goes out of scope.
  [[nodiscard]] detail::ScopedAwaitable<detail::SemaphoreState> scoped() {
    return detail::ScopedAwaitable<detail::SemaphoreState>(state_, detail::SemaphoreState::kAcquire);
  }

  /// Gives a permit back, and grants it to the first one in line.
  ///
  /// Throws:   ValueError from a BoundedSemaphore that has all its permits.
  void release() { state_->release_hold(); }

  /// Whether acquire() would have to wait.
  [[nodiscard]] bool locked() const noexcept { return state_->locked(); }

  /// "<Semaphore [unlocked, value:1]>"
  friend std::string to_string(const Semaphore& semaphore) { return semaphore.state_->text(); }

 protected:
  /// @cond detail
  explicit Semaphore(detail::Ref<detail::SemaphoreState> state) noexcept
      : state_(std::move(state)) {}
  /// @endcond

 private:
  detail::Ref<detail::SemaphoreState> state_;
};

/// A Semaphore that refuses to have more permits than it began with.
///
/// Thread:   as a Semaphore.
/// Python:   asyncio.BoundedSemaphore.
class BoundedSemaphore : public Semaphore {
 public:
  /// With so many permits, and never more.
  ///
  /// Throws:   ValueError if `permits` is negative.
  explicit BoundedSemaphore(std::ptrdiff_t permits = 1)
      : Semaphore(detail::Ref(new detail::SemaphoreState(permits, permits))) {}
};

}  // namespace asyncio
