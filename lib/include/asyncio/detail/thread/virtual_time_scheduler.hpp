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

/// Returns the time of the system's steady clock at which `span` will have passed, clamped to the
/// latest time that the clock can represent. A negative span counts as zero.
[[nodiscard]] std::chrono::steady_clock::time_point real_deadline(Duration span) noexcept;

/// A scheduler for a virtual clock. It runs the loop and its executors' workers one at a time, so
/// that results do not depend on thread speed.
///
/// A worker that may continue is an entry of the loop's timer queue. When its time comes, the loop
/// lets the worker run and stands still until the worker sleeps, waits for the loop, or ends.
class VirtualTimeScheduler {
 public:
  explicit VirtualTimeScheduler(LoopCore& core) noexcept : core_(core) {}

  [[nodiscard]] LoopCore& core() const noexcept { return core_; }

  // --- On the loop's thread ---

  /// Lets `worker` run and returns when it has given back its turn.
  void let_run(Worker& worker);
  /// Ends the scheduling: from now on, workers no longer wait for a turn.
  void loop_closing() noexcept;

  // --- On a worker's thread ---

  void wait_for_turn(Worker& worker);
  /// Ends the turn of `worker`. Only compares the pointer, so the worker may no longer exist.
  void give_back(Worker* worker) noexcept;
  /// Gives back the turn until the worker's timer is due; returns false if the loop is gone.
  ///
  /// REQUIRES: the timer is armed, or will be.
  bool pause(Worker& worker);
  /// Returns whether it is `worker`'s turn. The loop then stands still, and the worker may change
  /// the loop's timers.
  [[nodiscard]] bool is_turn_of(const Worker& worker) noexcept;

 private:
  LoopCore& core_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Worker* running_ = nullptr;  // null while the loop runs
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

  /// Lets the worker continue at `when`, which replaces a time set before. Does nothing if the loop
  /// is closed: the worker then continues by itself.
  void arm_at(TimePoint when) {
    if (scheduler_->core().is_closed()) return;
    withdraw();
    scheduler_->core().arm(*this, when);
    due_ = when;
  }
  /// Lets the worker continue now.
  void arm_now() { arm_at(scheduler_->core().now()); }

  /// Returns whether the worker has a time to continue, which due() returns.
  [[nodiscard]] bool waiting() const noexcept { return armed(); }
  [[nodiscard]] TimePoint due() const noexcept { return due_; }
  /// Cancels the time to continue, if there is one.
  void withdraw() noexcept { scheduler_->core().disarm(*this); }

 private:
  std::shared_ptr<VirtualTimeScheduler> scheduler_;
  TimePoint due_{};
};

/// Returns this thread's worker on a virtual clock; otherwise null.
[[nodiscard]] Worker* current_worker() noexcept;

/// Makes current_worker() return `worker` on this thread until the scope ends.
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
