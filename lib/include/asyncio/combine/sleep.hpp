#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task_state.hpp>
#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace asyncio {

namespace detail {

/// A timer in the sleeping coroutine's frame that wakes its task: no future, no allocation.
class SleepTimer final : public Wait, public Timer {
 public:
  explicit SleepTimer(TaskBase& task) noexcept : task_(task) {}
  SleepTimer(const SleepTimer&) = delete;
  SleepTimer& operator=(const SleepTimer&) = delete;
  ~SleepTimer();
  /// Suspends the task in `sleeping` until `delay` from now.
  void suspend(PromiseBase& sleeping, Duration delay);
  [[nodiscard]] TaskBase& task() const noexcept { return task_; }

  bool cancel(const std::exception_ptr& reason) override;
  void forget(TaskBase& task) noexcept override;
  [[nodiscard]] Kind kind() const noexcept override { return Kind::timer; }
  [[nodiscard]] std::string describe() const override { return "sleep()"; }
  void run() noexcept override;
  void discard() noexcept override {}

 private:
  bool ended_ = false;  // the task has been woken
  TaskBase& task_;
};

/// Makes a timer only if there is something to wait for: sleep(0s) is to be cheap.
class SleepAwaiter final : public AwaiterTag {
 public:
  explicit SleepAwaiter(Duration delay) noexcept : yield_{nullptr, delay} {}
  SleepAwaiter(const SleepAwaiter&) = delete;
  SleepAwaiter& operator=(const SleepAwaiter&) = delete;
  ~SleepAwaiter() {
    if (has_timer_) std::destroy_at(&timer_);
  }

  static bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> sleeping) {
    TaskBase& task = *sleeping.promise().task();
    const Duration delay = yield_.delay;
    if (delay <= Duration::zero()) {
      yield_.task = &task;
      task.yield(sleeping.promise());
    } else {
      has_timer_ = true;
      std::construct_at(&timer_, task)->suspend(sleeping.promise(), delay);
    }
  }
  void await_resume() { (has_timer_ ? timer_.task() : *yield_.task).check_cancelled(); }

 private:
  struct Yield {
    TaskBase* task;
    Duration delay;
  };
  union {
    Yield yield_;
    SleepTimer timer_;
  };
  bool has_timer_ = false;
};

}  // namespace detail

/// @cond detail
/// What sleep() returns.
class [[nodiscard("co_await it")]] SleepAwaitable {
 public:
  using value_type = void;
  explicit SleepAwaitable(Duration delay) noexcept : delay_(delay) {}
  auto operator co_await() const noexcept { return detail::SleepAwaiter(delay_); }

 private:
  Duration delay_;
};
/// @endcond

/// Suspends the task for `delay`, never less, from the moment of the co_await. Zero or less
/// yields once: the task goes on in the next turn, after what is ready.
///
/// Throws:   ValueError for not-a-number.
/// Resumes:  one turn after the one in which the timer is due.
/// Cancel:   wakes at once with CancelledError.
/// Cost:     no allocation; a place in the timer queue, whose size it is logarithmic in.
/// Python:   asyncio.sleep.
template <class Rep, class Period>
SleepAwaitable sleep(std::chrono::duration<Rep, Period> delay) {
  return SleepAwaitable(to_duration(delay));
}

/// The same, and then gives `result`.
///
/// Cost:     one coroutine.
template <class Rep, class Period, class T>
Coroutine<T> sleep(std::chrono::duration<Rep, Period> delay, T result) {
  co_await sleep(delay);
  co_return std::move(result);
}

}  // namespace asyncio
