#pragma once

#include <asyncio/base/intrusive.hpp>
#include <asyncio/base/result.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/thread/turn_taking.hpp>
#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

// What stands behind run_in_executor(). Users need not read it.

namespace asyncio {

class ThreadPoolExecutor;

namespace detail {

/// Something that one thread of a pool runs.
class WorkItem {
 public:
  WorkItem() = default;
  WorkItem(const WorkItem&) = delete;
  WorkItem& operator=(const WorkItem&) = delete;
  virtual void work() noexcept = 0;

 protected:
  ~WorkItem() = default;
};

/// A function on its way from a loop to another thread, a pool's as a rule, and, with its result,
/// back.
///
/// It belongs to one thread at a time: the loop's until it is handed over, the other one's
/// until it is posted back, then the loop's again. Only the future is the loop's throughout,
/// which takes it away when it closes first; then the other thread ends the job.
class Job : public WorkItem, public Runnable, public ListNode {
 public:
  Job(EventLoop& loop, AnyFuture future) : mailbox_(loop.mailbox()), future_(std::move(future)) {
    future_.add_done_callback([dropped = dropped_](const AnyFuture& done) {
      if (done.cancelled()) dropped->store(true, std::memory_order_relaxed);
    });
  }
  virtual ~Job() = default;

  // --- On the loop's thread ---

  /// On a virtual clock: runs only when it is its turn, the first time as soon as it comes up
  /// among the timers.
  void take_turns(std::shared_ptr<TurnTaking> turns);
  /// Whether its turn will come up among the timers.
  [[nodiscard]] bool waits_for_turn() const noexcept { return party_ && party_->waiting(); }
  /// When. REQUIRES: waits_for_turn().
  [[nodiscard]] TimePoint due() const noexcept { return party_->due(); }
  /// Takes its turn now; true if it has ended. REQUIRES: waits_for_turn().
  [[nodiscard]] bool run_turn() noexcept;
  /// Its turn will not come up any more.
  void leave_turns() noexcept;
  /// No pool takes it: `error` is its result, in the next turn.
  void refused(std::exception_ptr error) noexcept;
  /// The loop is closing: the result will not be wanted.
  void abandon() noexcept { future_ = {}; }
  /// Whose thread it holds or waits for; null if none's, or if that has been given to the next
  /// job before this one was delivered.
  [[nodiscard]] ThreadPoolExecutor* executor() const noexcept { return executor_; }
  void set_executor(ThreadPoolExecutor* executor) noexcept { executor_ = executor; }
  /// Whether the executor is the loop's own, which the end of the run waits for.
  [[nodiscard]] bool is_of_default() const noexcept { return of_default_; }
  void set_of_default() noexcept { of_default_ = true; }
  /// Delivers the result and ends the job.
  void run() noexcept override;
  void discard() noexcept override { delete this; }

  // --- On the other thread ---

  void work() noexcept override;

 private:
  virtual void call() noexcept = 0;
  virtual void deliver_to(const AnyFuture& future) = 0;

  std::shared_ptr<Mailbox> mailbox_;
  AnyFuture future_;
  // The future has been cancelled: a function that has not begun does not begin any more.
  std::shared_ptr<std::atomic<bool>> dropped_ = std::make_shared<std::atomic<bool>>(false);
  ThreadPoolExecutor* executor_ = nullptr;
  std::optional<Party> party_;  // on a virtual clock
  bool of_default_ = false;
  bool ended_ = false;
  std::exception_ptr refusal_;
};

/// What the future of a job becomes whose function throws CancelledError.
enum class CancelledJob : bool { has_failed, is_cancelled };

template <class T, class F>
class JobOf final : public Job {
 public:
  JobOf(EventLoop& loop, const Future<T>& future, F&& function,
        CancelledJob cancelled = CancelledJob::has_failed)
      : Job(loop, future), function_(std::move(function)), cancelled_(cancelled) {}

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
    function_.reset();  // what it holds ends where it ran
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

}  // namespace detail
}  // namespace asyncio
