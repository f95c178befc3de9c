#pragma once

#include <asyncio/detail/sync/acquire.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <asyncio/detail/task/waiter.hpp>
#include <cstddef>
#include <limits>
#include <string>

namespace asyncio::detail {

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
  void enqueue(Waiter& waiter, PromiseBase& leaf) { loop_.wait_in(waiters_, waiter, leaf, *this); }
  /// Ends the wait of a waiter that was granted a permit or cancelled.
  ///
  /// Throws:   CancelledError if the task has been cancelled.
  void finish_acquire(Waiter& waiter);
  void release_hold();
  [[nodiscard]] std::string text() const;

 private:
  // A granted permit is taken at the wake-up, not when the task resumes.
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
  LoopBinding loop_;
  GrantQueue waiters_;
};

}  // namespace asyncio::detail
