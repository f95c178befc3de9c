#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/detail/task/frame_wait.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

namespace asyncio::detail {

/// A task's place in a WaitQueue: CPython's future in a deque, without the future.
///
/// It stays in its queue until its task goes on, or until it is taken out. One that has been woken
/// or cancelled may still be there; the search for the next waiter skips it.
class Waiter : public FrameWait, public ListNode {
 public:
  /// `operation`, a literal such as "Lock.acquire()", describes the wait; `awaited` identifies what
  /// it is for.
  Waiter(const char* operation, const void* awaited) noexcept
      : operation_(operation), awaited_(awaited) {}

  void forget(TaskBase& task) noexcept final {
    FrameWait::forget(task);
    unlink();
  }
  [[nodiscard]] std::string describe() const override { return operation_; }
  [[nodiscard]] std::uintptr_t identity() const noexcept override {
    return reinterpret_cast<std::uintptr_t>(awaited_);
  }

 private:
  const char* operation_;
  const void* awaited_;
};

/// A Waiter that looks again, in its task's place in the turn after it was woken, and whose task
/// stays suspended if what it was woken for is gone: a loop around a co_await, without a coroutine
/// to run it.
class RecheckingWaiter : public Waiter, public Runnable {
 public:
  using Waiter::Waiter;

 protected:
  ~RecheckingWaiter() = default;

 private:
  /// Joins a queue again and returns true, or lets the task go on.
  virtual bool waits_again() noexcept = 0;

  void schedule_step() noexcept final { task().core().schedule(*this); }
  void run() noexcept final {
    if (!task().cancel_is_due() && waits_again()) {
      wait_again();
    } else {
      task().run();  // which may end this object
    }
  }
  void discard() noexcept final {}
  [[nodiscard]] std::string describe_step() const final { return task().describe_step(); }
};

/// Waiters, first come, first served.
class WaitQueue {
 public:
  [[nodiscard]] bool empty() const noexcept { return !head_.linked(); }

  void push_back(Waiter& waiter) noexcept { waiter.link_before(head_); }

  /// Returns the first waiter that `matches`, or null.
  template <class Predicate>
  [[nodiscard]] Waiter* find(Predicate matches) const noexcept {
    for (ListNode* node = head_.next(); node != &head_; node = node->next()) {
      auto& waiter = static_cast<Waiter&>(*node);
      if (matches(waiter)) return &waiter;
    }
    return nullptr;
  }

  /// Whether a waiter is here that has not been cancelled.
  [[nodiscard]] bool has_live() const noexcept {
    return find([](const Waiter& waiter) { return waiter.state() != Waiter::State::cancelled; }) !=
           nullptr;
  }

  /// REQUIRES: !empty().
  [[nodiscard]] Waiter& front() const noexcept { return static_cast<Waiter&>(*head_.next()); }

  void wake_all() const noexcept {
    for (ListNode* node = head_.next(); node != &head_; node = node->next()) {
      static_cast<Waiter&>(*node).wake();
    }
  }

  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t count = 0;
    for (ListNode* node = head_.next(); node != &head_; node = node->next()) ++count;
    return count;
  }

 private:
  ListNode head_;
};

/// A WaitQueue that keeps woken waiters apart, so that it finds the next one at once however many
/// are woken in one turn.
class GrantQueue {
 public:
  void push_back(Waiter& waiter) noexcept { waiting_.push_back(waiter); }

  /// Wakes the first waiter that is neither woken nor cancelled; returns false if there is none.
  bool wake_next() noexcept {
    Waiter* const next = waiting_.find(
        [](const Waiter& waiter) { return waiter.state() == Waiter::State::waiting; });
    if (next == nullptr) return false;
    next->unlink();
    woken_.push_back(*next);
    next->wake();
    return true;
  }

  /// Whether a waiter is here, woken or not, that has not been cancelled.
  [[nodiscard]] bool has_live() const noexcept { return !woken_.empty() || waiting_.has_live(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size() + woken_.size(); }

 private:
  WaitQueue waiting_;
  WaitQueue woken_;
};

}  // namespace asyncio::detail
