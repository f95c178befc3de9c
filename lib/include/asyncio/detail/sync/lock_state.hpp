#pragma once

#include <asyncio/detail/sync/acquire.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <asyncio/detail/task/waiter.hpp>
#include <string>

namespace asyncio::detail {

class LockState final : public Shared<LockState> {
 public:
  static constexpr const char* kAcquire = "Lock.acquire()";

  [[nodiscard]] bool locked() const noexcept { return locked_; }
  bool try_acquire() noexcept {
    if (locked_ || waiters_.has_live()) return false;
    locked_ = true;
    return true;
  }
  void enqueue(Waiter& waiter, PromiseBase& leaf) { loop_.wait_in(waiters_, waiter, leaf, *this); }
  /// Takes the lock for a waiter whose task is resuming.
  ///
  /// Throws:   CancelledError if the task has been cancelled.
  void finish_acquire(Waiter& waiter);
  void release_hold();
  [[nodiscard]] std::string text() const;

 private:
  void wake_first() noexcept {
    if (!waiters_.empty()) waiters_.front().wake();
  }

  bool locked_ = false;
  LoopBinding loop_;
  WaitQueue waiters_;
};

}  // namespace asyncio::detail
