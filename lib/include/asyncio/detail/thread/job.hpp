#pragma once

#include <asyncio/base/result.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/detail/loop/wakeup.hpp>
#include <asyncio/detail/thread/virtual_time_scheduler.hpp>
#include <asyncio/task/future.hpp>
#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace asyncio {
class ThreadPoolExecutor;
}

namespace asyncio::detail {

/// A piece of work for one thread of a pool.
class WorkItem {
 public:
  WorkItem() = default;
  WorkItem(const WorkItem&) = delete;
  WorkItem& operator=(const WorkItem&) = delete;
  virtual void work() noexcept = 0;

 protected:
  ~WorkItem() = default;
};

/// A function call that travels from a loop to another thread, usually a pool's, and returns with
/// its result.
///
/// A job belongs to one thread at a time: to the loop's until it is handed over, to the other one
/// until it is posted back, then to the loop's again. Its future belongs to the loop throughout. If
/// the loop closes first, it takes the future away, and the other thread deletes the job.
class Job : public WorkItem, public Runnable, public ListNode {
 public:
  Job(LoopCore& core, AnyFuture future) : wakeup_(core.wakeup()), future_(std::move(future)) {
    future_.add_done_callback([dropped = dropped_](const AnyFuture& done) {
      if (done.cancelled()) dropped->store(true, std::memory_order_relaxed);
    });
  }
  virtual ~Job() = default;

  // --- On the loop's thread ---

  /// Makes the job run in virtual time: only in turns from `scheduler`. The first turn is due now
  /// and takes its place among the loop's timers.
  void run_in_virtual_time(std::shared_ptr<VirtualTimeScheduler> scheduler);
  /// Returns whether the job's next turn is among the timers.
  [[nodiscard]] bool waits_for_turn() const noexcept { return worker_ && worker_->waiting(); }
  /// Returns the time of the job's next turn.
  ///
  /// REQUIRES: waits_for_turn().
  [[nodiscard]] TimePoint due() const noexcept { return worker_->due(); }
  /// Lets the job take its turn now; returns whether the job has ended.
  ///
  /// REQUIRES: waits_for_turn().
  [[nodiscard]] bool run_turn() noexcept;
  /// Cancels the job's turn among the timers, if it has one.
  void leave_virtual_time() noexcept;
  /// Fails the job with `error` in the next turn, because no pool accepts it.
  void refused(std::exception_ptr error) noexcept;
  /// Drops the future, because the loop is closing and needs no result.
  void abandon() noexcept { future_ = {}; }
  /// Returns the executor whose thread the job occupies or waits for; null if there is none, or if
  /// the thread has gone on to its next job before this one was delivered.
  [[nodiscard]] ThreadPoolExecutor* executor() const noexcept { return executor_; }
  void set_executor(ThreadPoolExecutor* executor) noexcept { executor_ = executor; }
  /// Returns whether the job was submitted to the default executor. The end of a run waits for such
  /// jobs.
  [[nodiscard]] bool is_of_default() const noexcept { return of_default_; }
  void set_of_default() noexcept { of_default_ = true; }
  /// Delivers the result and deletes the job.
  void run() noexcept override;
  void discard() noexcept override { delete this; }

  // --- On the other thread ---

  void work() noexcept override;

 private:
  virtual void call() noexcept = 0;
  virtual void deliver_to(const AnyFuture& future) = 0;

  std::shared_ptr<Wakeup> wakeup_;
  AnyFuture future_;
  // Set when the future is cancelled. A function that has not begun is then never called.
  std::shared_ptr<std::atomic<bool>> dropped_ = std::make_shared<std::atomic<bool>>(false);
  ThreadPoolExecutor* executor_ = nullptr;
  std::optional<Worker> worker_;  // on a virtual clock only
  bool of_default_ = false;
  bool ended_ = false;
  std::exception_ptr refusal_;
};

/// The state in which a job's future ends if its function throws CancelledError.
enum class CancelledJob : bool { has_failed, is_cancelled };

template <class T, class F>
class JobOf final : public Job {
 public:
  JobOf(LoopCore& core, const Future<T>& future, F&& function,
        CancelledJob cancelled = CancelledJob::has_failed)
      : Job(core, future), function_(std::move(function)), cancelled_(cancelled) {}

 private:
  void call() noexcept override {
    try {
      if constexpr (std::is_void_v<T>) {
        (*function_)();
        value_.emplace();
      } else if constexpr (std::is_reference_v<T>) {
        value_.emplace(&(*function_)());
      } else {
        value_.emplace((*function_)());
      }
    } catch (...) {
      error_ = std::current_exception();
    }
    function_.reset();  // destroys its captures on the thread that ran it
  }

  void deliver_to(const AnyFuture& future) override {
    const Future<T> typed(future.state());
    if (error_ && cancelled_ == CancelledJob::is_cancelled && is_cancelled_error(error_)) {
      typed.state()->finish_cancelled(std::move(error_));
    } else if (error_) {
      typed.set_exception(std::move(error_));
    } else if constexpr (std::is_void_v<T>) {
      typed.set_result();
    } else if constexpr (std::is_reference_v<T>) {
      typed.set_result(**value_);
    } else {
      typed.set_result(*std::move(value_));
    }
  }

  std::optional<F> function_;
  CancelledJob cancelled_;
  std::optional<stored_t<T>> value_;
  std::exception_ptr error_;
};

}  // namespace asyncio::detail
