#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

namespace asyncio::detail {

class Worker;

/// Returns the system time at which `span` will have passed; the end of time at most. A negative
/// span counts as zero.
[[nodiscard]] std::chrono::steady_clock::time_point real_deadline(Duration span) noexcept;

/// On a virtual clock, runs the loop and its executor's workers one at a time, so that results do
/// not depend on thread speed.
///
/// A worker that may go on is an entry of the loop's timer queue. When the entry comes up, the loop
/// lets the worker run, and stands still until the worker sleeps, waits for the loop, or ends.
class VirtualTimeScheduler {
 public:
  explicit VirtualTimeScheduler(LoopCore& core) noexcept : core_(core) {}

  [[nodiscard]] LoopCore& core() const noexcept { return core_; }

  // --- On the loop's thread ---

  /// Lets `worker` run, and returns when it has given its turn back.
  void let_run(Worker& worker);
  /// From now on no worker waits for its turn.
  void loop_closing() noexcept;

  // --- On a worker's thread ---

  void wait_for_turn(Worker& worker);
  /// Ends this worker's turn for good.
  void give_back(Worker* worker) noexcept;
  /// Gives the turn back until the worker's timer comes up; returns false when the loop is gone.
  ///
  /// REQUIRES: the timer is armed, or will be.
  bool pause(Worker& worker);
  /// Whether it is `worker`'s turn: the loop stands still, and its timers may be touched.
  [[nodiscard]] bool is_turn_of(const Worker& worker) noexcept;

 private:
  LoopCore& core_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Worker* running_ = nullptr;  // null: the loop
  bool loop_gone_ = false;
};

/// A thread of an executor, as an entry of the timer queue.
class Worker final : public Timer {
 public:
  explicit Worker(std::shared_ptr<VirtualTimeScheduler> scheduler) noexcept
      : scheduler_(std::move(scheduler)) {}

  [[nodiscard]] const std::shared_ptr<VirtualTimeScheduler>& scheduler() const noexcept {
    return scheduler_;
  }
  void run() noexcept override { scheduler_->let_run(*this); }
  void discard() noexcept override {}
  [[nodiscard]] bool is_observable() const noexcept override { return false; }

  /// Lets the worker go on at `when`; replaces an earlier time. Does nothing when the loop is
  /// closed: the worker then goes on by itself.
  void arm_at(TimePoint when) {
    if (scheduler_->core().is_closed()) return;
    withdraw();
    scheduler_->core().arm(*this, when);
    due_ = when;
  }
  /// Lets the worker go on now.
  void arm_now() { arm_at(scheduler_->core().now()); }

  /// Whether the worker has a time to go on, which due() tells.
  [[nodiscard]] bool waiting() const noexcept { return armed(); }
  [[nodiscard]] TimePoint due() const noexcept { return due_; }
  /// Cancels that time, if there is one.
  void withdraw() noexcept { scheduler_->core().disarm(*this); }

 private:
  std::shared_ptr<VirtualTimeScheduler> scheduler_;
  TimePoint due_{};
};

/// Returns the worker that this thread is, on a virtual clock; else null.
[[nodiscard]] Worker* current_worker() noexcept;

/// Makes this thread `worker` while the scope lives.
class CurrentWorkerScope {
 public:
  explicit CurrentWorkerScope(Worker* worker) noexcept;
  CurrentWorkerScope(const CurrentWorkerScope&) = delete;
  CurrentWorkerScope& operator=(const CurrentWorkerScope&) = delete;
  ~CurrentWorkerScope();

 private:
  Worker* outer_;
};

}  // namespace asyncio::detail
