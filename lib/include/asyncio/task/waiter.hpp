#pragma once

#include <asyncio/base/intrusive.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future_state.hpp>
#include <asyncio/task/task_state.hpp>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>

// What locks, events and queues are made of. Users need not read it.

namespace asyncio::detail {

/// A task's place in a line of those who wait to be woken: CPython's future in a deque, without
/// the future. It lives in the frame of the coroutine that waits, and allocates nothing.
///
/// It stays in its line until its task goes on, or until it is taken out; one that has been
/// woken or cancelled stands there still, and whoever looks for the next one passes it over.
class Waiter final : public Wait, public ListNode {
 public:
  enum class State : std::uint8_t { waiting, woken, cancelled };

  /// `what` is said of the task that waits: "Lock.acquire()". It must be a literal.
  explicit Waiter(const char* what) noexcept : what_(what) {}

  [[nodiscard]] State state() const noexcept { return state_; }

  /// Schedules the next step of the task; nothing unless it is waiting.
  void wake() noexcept {
    if (state_ != State::waiting) return;
    state_ = State::woken;
    task_->wake();
  }

  bool cancel(const std::exception_ptr& reason) override {
    if (state_ != State::waiting) return false;
    state_ = State::cancelled;
    task_->wake_cancelled(reason);
    return true;
  }
  void forget(TaskBase& /*task*/) noexcept override {
    state_ = State::cancelled;
    unlink();
  }
  [[nodiscard]] std::string describe() const override { return what_; }

  // --- For an awaiter that holds it ---

  void suspend(PromiseBase& leaf) {
    task_ = leaf.task();
    task_->wait_for(*this, leaf);
  }
  /// In await_resume(). Throws CancelledError if the task has been cancelled: before it was
  /// woken, and then state() is cancelled, or after that, and then it is woken.
  void check_cancelled() { task_->check_cancelled(); }

  // --- For a coroutine that holds it: `co_await waiter`, which throws as check_cancelled() ---

  struct Awaiter : AwaiterTag {
    explicit Awaiter(Waiter& awaited) noexcept : waiter(awaited) {}
    static bool await_ready() noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> leaf) const {
      waiter.suspend(leaf.promise());
    }
    void await_resume() const { waiter.check_cancelled(); }
    Waiter& waiter;
  };
  Awaiter operator co_await() noexcept { return Awaiter(*this); }

 private:
  State state_ = State::waiting;
  TaskBase* task_ = nullptr;
  const char* what_;
};

/// A line of Waiters, first come, first served.
class WaiterLine {
 public:
  [[nodiscard]] bool empty() const noexcept { return !head_.linked(); }

  void join(Waiter& waiter) noexcept { waiter.link_before(head_); }

  /// The first one that `matches`; null if there is none.
  template <class Predicate>
  [[nodiscard]] Waiter* find(Predicate matches) const noexcept {
    for (ListNode* node = head_.next(); node != &head_; node = node->next()) {
      auto& waiter = static_cast<Waiter&>(*node);
      if (matches(waiter)) return &waiter;
    }
    return nullptr;
  }

  /// REQUIRES: !empty().
  [[nodiscard]] Waiter& front() const noexcept { return static_cast<Waiter&>(*head_.next()); }

  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t count = 0;
    (void)find([&count](const Waiter&) {
      ++count;
      return false;
    });
    return count;
  }

 private:
  ListNode head_;
};

}  // namespace asyncio::detail
