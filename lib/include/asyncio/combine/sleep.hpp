#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task_state.hpp>
#include <chrono>
#include <coroutine>
#include <exception>
#include <string>
#include <utility>

namespace asyncio {

namespace detail {

/// A timer in the sleeping coroutine's frame that wakes its task: no future, no allocation.
class SleepAwaiter final : public AwaiterTag, public Wait, public Timer {
 public:
  explicit SleepAwaiter(Duration delay) noexcept : delay_(delay) {}
  ~SleepAwaiter() {
    if (queued_) leave_queue();
  }

  static bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> sleeping) {
    task_ = sleeping.promise().task();
    if (delay_ <= Duration::zero()) {
      task_->yield(sleeping.promise());
    } else {
      suspend_until_due(sleeping.promise());
    }
  }
  void await_resume() { task_->check_cancelled(); }

  bool cancel(const std::exception_ptr& reason) override;
  void forget(TaskBase& task) noexcept override;
  [[nodiscard]] Kind kind() const noexcept override { return Kind::timer; }
  [[nodiscard]] std::string describe() const override { return "sleep()"; }
  void run() noexcept override;
  void discard() noexcept override { queued_ = false; }

 private:
  void suspend_until_due(PromiseBase& sleeping);
  void leave_queue() noexcept;

  bool queued_ = false;  // in the timer queue, or the ready queue after that
  bool ended_ = false;   // the task has been woken
  TaskBase* task_ = nullptr;
  Duration delay_;
};

}  // namespace detail

/// What sleep() returns.
class [[nodiscard("co_await it")]] SleepAwaitable {
 public:
  using value_type = void;
  explicit SleepAwaitable(Duration delay) noexcept : delay_(delay) {}
  auto operator co_await() const noexcept { return detail::SleepAwaiter(delay_); }

 private:
  Duration delay_;
};

/// Suspends the task for `delay`, never less, from the moment of the co_await. Zero or less
/// yields once: the task goes on in the next turn, after what is ready.
///
/// Resumes:  one turn after the one in which the timer is due.
/// Cancel:   wakes at once with CancelledError.
/// Cost:     no allocation; a place in the timer queue.
/// Python:   asyncio.sleep.
template <class Rep, class Period>
SleepAwaitable sleep(std::chrono::duration<Rep, Period> delay) {
  return SleepAwaitable(to_duration(delay));
}

/// The same, and then gives `result`.
template <class Rep, class Period, class T>
Coroutine<T> sleep(std::chrono::duration<Rep, Period> delay, T result) {
  co_await sleep(delay);
  co_return std::move(result);
}

}  // namespace asyncio
