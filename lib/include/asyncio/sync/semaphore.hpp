#pragma once

#include <asyncio/base/intrusive.hpp>
#include <asyncio/sync/guard.hpp>
#include <asyncio/sync/shared_state.hpp>
#include <asyncio/task/task_state.hpp>
#include <asyncio/task/waiter.hpp>
#include <cstddef>
#include <limits>
#include <string>

namespace asyncio {

namespace detail {
class SemaphoreState;
}

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
  explicit Semaphore(std::ptrdiff_t permits = 1);
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
  [[nodiscard]] detail::AcquireAwaitable<detail::SemaphoreState> acquire();

  /// The same, giving a guard that releases when it goes out of scope.
  [[nodiscard]] detail::ScopedAwaitable<detail::SemaphoreState> scoped();

  /// Gives a permit back, and grants it to the first one in line.
  ///
  /// Throws:   ValueError from a BoundedSemaphore that has all its permits.
  void release();

  /// Whether acquire() would have to wait.
  [[nodiscard]] bool locked() const noexcept;

  /// "<Semaphore [unlocked, value:1]>"
  friend std::string to_string(const Semaphore& semaphore);

 protected:
  /// @cond detail
  explicit Semaphore(detail::Ref<detail::SemaphoreState> state) noexcept;
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
  explicit BoundedSemaphore(std::ptrdiff_t permits = 1);
};

// ----------------------------------------------------------------------------------------

namespace detail {

class SemaphoreState final : public Shared<SemaphoreState> {
 public:
  static constexpr const char* kAcquire = "Semaphore.acquire()";
  static constexpr std::ptrdiff_t kNoBound = std::numeric_limits<std::ptrdiff_t>::max();

  SemaphoreState(std::ptrdiff_t permits, std::ptrdiff_t bound);

  [[nodiscard]] bool locked() const noexcept { return free_ == 0 || waiters_.has_live(); }
  bool try_acquire() noexcept {
    if (locked()) return false;
    --free_;
    return true;
  }
  void begin_wait(Waiter& waiter, PromiseBase& leaf);
  void end_wait(Waiter& waiter);
  void let_go();
  [[nodiscard]] std::string text() const;

 private:
  // A granted permit is taken at the wake-up, not when its task goes on.
  bool grant_next() noexcept {
    if (!waiters_.wake_next()) return false;
    --free_;
    return true;
  }
  void grant_all_free() noexcept {
    while (free_ > 0 && grant_next()) {
    }
  }

  std::ptrdiff_t free_;
  std::ptrdiff_t bound_;
  LoopBound loop_;
  GrantLine waiters_;
};

}  // namespace detail

inline auto Semaphore::acquire() -> detail::AcquireAwaitable<detail::SemaphoreState> {
  return detail::AcquireAwaitable<detail::SemaphoreState>(state_);
}
inline auto Semaphore::scoped() -> detail::ScopedAwaitable<detail::SemaphoreState> {
  return detail::ScopedAwaitable<detail::SemaphoreState>(state_);
}
inline void Semaphore::release() {
  state_->let_go();
}
inline bool Semaphore::locked() const noexcept {
  return state_->locked();
}

}  // namespace asyncio
