#pragma once

#include <asyncio/base/intrusive.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/handle.hpp>
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
/// woken or cancelled may stand there still, and whoever looks for the next one passes it over.
class Waiter : public Wait, public ListNode {
 public:
  enum class State : std::uint8_t { waiting, woken, cancelled };

  /// `what` is said of the task that waits: "Lock.acquire()". It must be a literal.
  explicit Waiter(const char* what) noexcept : what_(what) {}

  [[nodiscard]] State state() const noexcept { return state_; }

  /// Schedules the next step of the task; nothing unless it is waiting.
  void wake() noexcept {
    if (state_ != State::waiting) return;
    state_ = State::woken;
    schedule_step();
  }

  bool cancel(const std::exception_ptr& reason) final {
    if (state_ != State::waiting) return false;
    state_ = State::cancelled;
    task_->wake_cancelled(reason);
    return true;
  }
  void forget(TaskBase& /*task*/) noexcept final {
    state_ = State::cancelled;
    unlink();
  }
  [[nodiscard]] std::string describe() const override { return what_; }

  // --- For an awaiter that holds it ---

  void suspend(PromiseBase& leaf) {
    task_ = leaf.task();
    task_->wait_for(*this, leaf);
  }
  /// Whether it was suspended, and did not only think of it.
  [[nodiscard]] bool has_waited() const noexcept { return task_ != nullptr; }
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

 protected:
  ~Waiter() = default;
  [[nodiscard]] TaskBase& task() const noexcept { return *task_; }
  void wait_anew() noexcept { state_ = State::waiting; }

 private:
  virtual void schedule_step() noexcept { task_->wake(); }

  State state_ = State::waiting;
  TaskBase* task_ = nullptr;
  const char* what_;
};

/// A Waiter whose task goes on whenever it is woken.
class PlainWaiter final : public Waiter {
 public:
  using Waiter::Waiter;
};

/// A Waiter that looks again, in the turn after it was woken, in its task's place in that turn,
/// and whose task stays suspended if what it was woken for is gone: a loop round a co_await,
/// without a coroutine to run it.
class RecheckingWaiter : public Waiter, public Runnable {
 public:
  using Waiter::Waiter;

 protected:
  ~RecheckingWaiter() = default;

 private:
  /// Joins a line again and returns true, or lets the task go on.
  virtual bool waits_again() noexcept = 0;

  void schedule_step() noexcept final { task().loop()->schedule(*this); }
  void run() noexcept final {
    if (!task().cancel_is_due() && waits_again()) {
      wait_anew();
    } else {
      task().run();  // which may end this object
    }
  }
  void discard() noexcept final {}
  [[nodiscard]] std::string describe_step() const final { return task().describe_step(); }
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

  /// Whether somebody stands here who has not been cancelled.
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

/// A line in which those who have been woken stand apart, so that the next one is found at once
/// however many are woken in one turn.
class GrantLine {
 public:
  void join(Waiter& waiter) noexcept { waiting_.join(waiter); }

  /// Wakes the first one who waits; false if there is none.
  bool wake_next() noexcept {
    Waiter* const next = waiting_.find(
        [](const Waiter& waiter) { return waiter.state() == Waiter::State::waiting; });
    if (next == nullptr) return false;
    next->unlink();
    woken_.join(*next);
    next->wake();
    return true;
  }

  /// Whether somebody stands here, woken or not, who has not been cancelled.
  [[nodiscard]] bool has_live() const noexcept { return !woken_.empty() || waiting_.has_live(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size() + woken_.size(); }

 private:
  WaiterLine waiting_;
  WaiterLine woken_;
};

}  // namespace asyncio::detail
