#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/detail/task/frame_wait.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

namespace asyncio::detail {

/// A task's place in a WaitQueue. CPython has a deque of futures instead.
///
/// A waiter stays in its queue until its task continues or the waiter is removed. Once woken or
/// cancelled, it may still be in the queue; a search for the next waiter skips it.
class Waiter : public FrameWait, public ListNode {
 public:
  /// Creates a waiter. `operation`, a literal such as "Lock.acquire()", describes the wait.
  /// `awaited` identifies the awaited object.
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

/// A Waiter that checks again, at its task's position in the turn after it was woken, whether the
/// task can continue. If not, the task stays suspended. This does the work of a loop around a
/// co_await, without a coroutine.
class RecheckingWaiter : public Waiter, public Runnable {
 public:
  using Waiter::Waiter;

 protected:
  ~RecheckingWaiter() = default;

 private:
  /// Joins a queue again and returns true, or returns false to let the task continue.
  virtual bool waits_again() noexcept = 0;

  void schedule_step() noexcept final { task().core().schedule(*this); }
  void run() noexcept final {
    if (!task().cancel_is_due() && waits_again()) {
      wait_again();
    } else {
      task().run();  // may destroy this object
    }
  }
  void discard() noexcept final {}
  [[nodiscard]] std::string describe_step() const final { return task().describe_step(); }
};

/// A queue of waiters, first come, first served.
class WaitQueue {
 public:
  [[nodiscard]] bool empty() const noexcept { return !head_.linked(); }

  void push_back(Waiter& waiter) noexcept { waiter.link_before(head_); }

  /// Returns the first waiter for which `matches` returns true, or null.
  template <class Predicate>
  [[nodiscard]] Waiter* find(Predicate matches) const noexcept {
    for (ListNode* node = head_.next(); node != &head_; node = node->next()) {
      auto& waiter = static_cast<Waiter&>(*node);
      if (matches(waiter)) return &waiter;
    }
    return nullptr;
  }

  /// Returns whether any waiter in the queue has not been cancelled.
  [[nodiscard]] bool has_live() const noexcept {
    return find([](const Waiter& waiter) { return waiter.state() != Waiter::State::cancelled; }) !=
           nullptr;
  }

  /// Returns the first waiter.
  ///
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

/// A WaitQueue that keeps woken waiters separate, so it finds the next one to wake at once, however
/// many are woken in one turn.
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

  /// Returns whether any waiter in the queue, woken or not, has not been cancelled.
  [[nodiscard]] bool has_live() const noexcept { return !woken_.empty() || waiting_.has_live(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size() + woken_.size(); }

 private:
  WaitQueue waiting_;
  WaitQueue woken_;
};

}  // namespace asyncio::detail
