#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/frame_wait.hpp>
#include <coroutine>
#include <exception>
#include <string>

namespace asyncio::detail {

/// The awaiter of sleep(): a timer in the frame of the sleeping coroutine, which wakes the task. It
/// needs no future and no allocation.
///
/// Invariant: it is armed only while the task waits. So it needs no destructor: a cancel, or the
/// destruction of the task, disarms it.
class SleepTimer final : public AwaiterTag, public FrameWait, public Timer {
 public:
  explicit SleepTimer(Duration delay) noexcept : delay_(delay) {}

  static bool await_ready() noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    if (delay_ <= Duration::zero()) {
      yield(leaf.promise());
    } else {
      sleep(leaf.promise());
    }
  }
  void await_resume() { check_cancelled(); }

  bool cancel(const std::exception_ptr& reason) override;
  void forget(TaskBase& task) noexcept override;
  [[nodiscard]] Kind kind() const noexcept override { return Kind::timer; }
  [[nodiscard]] std::string describe() const override { return "sleep()"; }
  void run() noexcept override { wake(); }
  void discard() noexcept override {}

 private:
  void sleep(PromiseBase& leaf);

  Duration delay_;
};

using SleepAwaitable = Awaitable<SleepTimer, Duration>;

}  // namespace asyncio::detail
