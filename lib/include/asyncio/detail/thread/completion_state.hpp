#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <asyncio/detail/task/close_on_drop.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <asyncio/detail/task/future_value.hpp>
#include <asyncio/detail/thread/job.hpp>
#include <asyncio/detail/thread/virtual_time_scheduler.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// The state shared by a loop and the threads that wait for one of its results. It is done when the
/// result or an error has arrived.
class CompletionState : public std::enable_shared_from_this<CompletionState> {
 public:
  explicit CompletionState(const LoopHandle& loop) noexcept
      : loop_(loop.wakeup()->loop()), sender_(loop) {}
  CompletionState(const CompletionState&) = delete;
  CompletionState& operator=(const CompletionState&) = delete;

  // --- On any thread ---

  /// Blocks until the state is done; returns false if that takes longer than `timeout`. On a
  /// virtual clock, a worker of this loop gives back its turn. A worker of another loop keeps its
  /// turn, as in any function that blocks in the kernel.
  [[nodiscard]] bool wait(std::optional<Duration> timeout);
  [[nodiscard]] bool done() const;
  [[nodiscard]] bool cancelled() const;
  /// Ends the state with CancelledError, unless it is done, and makes the loop cancel the task.
  /// Returns whether the state is cancelled.
  bool cancel();
  /// Makes the thread that ends the state run `item`. Runs `item` at once if the state is done.
  void when_done(WorkItem& item);
  /// Declares that no caller will ask for the result any more.
  void lose_interest() noexcept;

  // --- Once it is done ---

  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

  // --- On the loop's thread ---

  /// Sets the task that cancel() cancels, until the state is done.
  void set_task(FutureBase& task);
  /// Ends the state, with `error` if there is one, unless it has been cancelled. The caller must
  /// already have written everything that wait() makes visible.
  void finish(std::exception_ptr error = nullptr);

 protected:
  ~CompletionState() = default;

 private:
  [[nodiscard]] bool is_own_turn(const Worker* worker) const noexcept;
  [[nodiscard]] std::vector<WorkItem*> end(std::exception_ptr error);
  void tell(const std::vector<WorkItem*>& items);
  void cancel_task();
  void wake_workers();

  const EventLoop* loop_;       // only compared
  FutureBase* task_ = nullptr;  // for the loop's thread; the task's callback resets it
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  bool cancelled_ = false;
  std::exception_ptr error_;
  std::vector<WorkItem*> items_;
  std::vector<Worker*> workers_;  // those that have given back their turn in wait()
  // Keeps the loop from counting as deadlocked: a thread that waits for the result may post later.
  std::optional<LoopHandle> sender_;
};

template <class T>
class ResultState final : public CompletionState {
 public:
  using CompletionState::CompletionState;

  void follow(const Future<T>& future) {
    if (done()) {  // it was cancelled meanwhile
      finish();
      return;
    }
    if (std::exception_ptr error = future.state()->error_or_cancel()) {
      finish(std::move(error));
      return;
    }
    try {
      copy_value_of(future);
    } catch (...) {  // copying the value threw
      finish(std::current_exception());
      return;
    }
    finish();
  }
  [[nodiscard]] stored_t<T>& value() noexcept { return *value_; }

 private:
  void copy_value_of(const Future<T>& future) {
    if constexpr (std::is_void_v<T>) {
      value_.emplace();
    } else if constexpr (std::is_reference_v<T>) {
      value_.emplace(&take_value<T>(*future.state()));
    } else {
      value_.emplace(take_value<T>(*future.state()));
    }
  }

  std::optional<stored_t<T>> value_;
};

/// The loop's end of the channel. Destroyed unused, it delivers CancelledError.
template <class T>
class ResultPromise {
 public:
  explicit ResultPromise(std::shared_ptr<ResultState<T>> result) noexcept
      : result_(std::move(result)) {}
  ResultPromise(ResultPromise&&) noexcept = default;
  ResultPromise& operator=(ResultPromise&&) = delete;
  ~ResultPromise() {
    if (result_) result_->finish(std::make_exception_ptr(CancelledError()));
  }
  void begin(const Task<T>& task) { result_->set_task(*task.state()); }
  void send(const Future<T>& future) { std::exchange(result_, nullptr)->follow(future); }
  void fail(std::exception_ptr error) {
    if (result_) std::exchange(result_, nullptr)->finish(std::move(error));
  }

 private:
  std::shared_ptr<ResultState<T>> result_;
};

/// A coroutine on its way to another thread's loop. If it does not arrive or is refused, its
/// promise delivers CancelledError, and nothing else is reported. If creating its task fails, its
/// promise delivers the error, which also goes to the loop's exception handler.
template <class T>
class Submission {
 public:
  Submission(Coroutine<T>&& coroutine, ResultPromise<T>&& promise,
             std::source_location where) noexcept
      : coroutine_(std::move(coroutine)), promise_(std::move(promise)), where_(where) {}

  void operator()() {
    EventLoop& loop = get_running_loop();
    if (!loop.core().accepts_coroutines()) return;
    try {
      const Task<T> task = loop.create_task(coroutine_.take(), where_);
      promise_.begin(task);
      task.add_done_callback([promise = std::move(promise_)](const AnyFuture& done) mutable {
        promise.send(Future<T>(done.state()));
      });
    } catch (...) {
      promise_.fail(std::current_exception());
      throw;
    }
  }

 private:
  CloseOnDrop<T> coroutine_;
  ResultPromise<T> promise_;
  std::source_location where_;
};

}  // namespace asyncio::detail
