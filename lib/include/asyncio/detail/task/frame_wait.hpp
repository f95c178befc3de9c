#pragma once

#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/promise.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <asyncio/detail/task/wait.hpp>
#include <coroutine>
#include <cstdint>
#include <exception>

namespace asyncio::detail {

class FrameWaitAwaiter;

/// A wait that lives in the frame of the waiting coroutine: for a timer, a place in a queue, or a
/// descriptor. It allocates nothing.
///
/// A wait ends once, by wake() or by a cancel. Both only schedule the task's next step.
class FrameWait : public Wait {
 public:
  enum class State : std::uint8_t { waiting, woken, cancelled };

  [[nodiscard]] State state() const noexcept { return state_; }
  /// Returns whether a task has been suspended here.
  [[nodiscard]] bool has_suspended() const noexcept { return task_ != nullptr; }

  /// Suspends the task of `leaf`, in `leaf`, until the wait ends.
  void suspend(PromiseBase& leaf) {
    task_ = leaf.task();
    task_->wait_for(*this, leaf);
  }
  /// Suspends the task of `leaf`, in `leaf`, until the next turn. Nothing has to end this wait.
  void yield(PromiseBase& leaf) noexcept {
    task_ = leaf.task();
    task_->yield(leaf);
  }
  /// Ends the wait. Does nothing if it has ended.
  void wake() noexcept {
    if (state_ != State::waiting) return;
    state_ = State::woken;
    schedule_step();
  }
  bool cancel(const std::exception_ptr& reason) override {
    if (state_ != State::waiting) return false;
    state_ = State::cancelled;
    task_->wake_cancelled(reason);
    return true;
  }
  void forget(TaskBase& /*task*/) noexcept override { state_ = State::cancelled; }

  /// Throws CancelledError if the task was cancelled, before or after it was woken. Must be called
  /// first in await_resume().
  void check_cancelled() { task_->check_cancelled(); }

  /// Suspends until the wait ends, for a coroutine that owns this object.
  ///
  /// Throws:   like check_cancelled().
  [[nodiscard]] Awaitable<FrameWaitAwaiter, FrameWait*> until_woken() noexcept;

 protected:
  FrameWait() = default;
  ~FrameWait() = default;
  [[nodiscard]] TaskBase& task() const noexcept { return *task_; }
  void wait_again() noexcept { state_ = State::waiting; }

 private:
  virtual void schedule_step() noexcept { task_->wake(); }

  TaskBase* task_ = nullptr;
  State state_ = State::waiting;
};

class FrameWaitAwaiter : public AwaiterTag {
 public:
  explicit FrameWaitAwaiter(FrameWait* wait) noexcept : wait_(*wait) {}

  static bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) const {
    wait_.suspend(leaf.promise());
  }
  void await_resume() const { wait_.check_cancelled(); }

 private:
  FrameWait& wait_;
};

inline Awaitable<FrameWaitAwaiter, FrameWait*> FrameWait::until_woken() noexcept {
  return Awaitable<FrameWaitAwaiter, FrameWait*>(this);
}

}  // namespace asyncio::detail
