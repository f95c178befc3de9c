#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/base/result.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/thread/job.hpp>
#include <asyncio/thread/turn_taking.hpp>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio {

namespace detail {

/// What a loop and those who wait for its result in other threads share: whether it is over, and
/// the error.
class SharedEnd : public std::enable_shared_from_this<SharedEnd> {
 public:
  explicit SharedEnd(const LoopHandle& loop) noexcept
      : loop_(loop.mailbox()->loop()), sender_(loop) {}
  SharedEnd(const SharedEnd&) = delete;
  SharedEnd& operator=(const SharedEnd&) = delete;

  // --- On any thread ---

  /// Blocks until it is over; false if that took longer than `timeout`. A worker of this loop, on
  /// a virtual clock, gives its turn back; one of another loop keeps it, as whatever blocks in the
  /// kernel does.
  [[nodiscard]] bool wait(std::optional<Duration> timeout);
  [[nodiscard]] bool over() const;
  [[nodiscard]] bool cancelled() const;
  /// Ends it with CancelledError, unless it is over, and has the loop cancel the task. Returns
  /// whether it is cancelled.
  bool cancel();
  /// Has `item` worked on once, by the thread that ends this, or here and now if it is over.
  void when_over(WorkItem& item);
  /// Nobody asks for the result any more.
  void lose_interest() noexcept;

  // --- Once it is over ---

  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

  // --- On the loop's thread ---

  /// The task whose result it will be. It is known until it is over.
  void begun(FutureBase& task);
  /// It is over, with `error` if there is one, unless it was cancelled before. Everything that
  /// wait() is to see must be written by then.
  void finish(std::exception_ptr error = nullptr);

 protected:
  ~SharedEnd() = default;

 private:
  [[nodiscard]] bool is_own_turn(const Party* party) const noexcept;
  [[nodiscard]] std::vector<WorkItem*> end(std::exception_ptr error);
  void tell(const std::vector<WorkItem*>& items);
  void cancel_task();
  void wake_parties();

  const EventLoop* loop_;       // only to be compared
  FutureBase* task_ = nullptr;  // the loop's; while its callbacks hold the sender, and so this
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  bool cancelled_ = false;
  std::exception_ptr error_;
  std::vector<WorkItem*> items_;
  std::vector<Party*> parties_;  // those that wait for a turn
  // A thread that waits for the result may post afterwards, so the loop is not deadlocked.
  std::optional<LoopHandle> sender_;
};

template <class T>
class SharedResult final : public SharedEnd {
 public:
  using SharedEnd::SharedEnd;

  void follow(const Future<T>& future) {
    if (over()) {  // cancelled meanwhile: whoever else wants to know asks the task
      finish();
      return;
    }
    if (std::exception_ptr error = future.state()->error_or_cancel()) {
      finish(std::move(error));
      return;
    }
    try {
      keep_value_of(future);
    } catch (...) {  // it could not be copied
      finish(std::current_exception());
      return;
    }
    finish();
  }
  [[nodiscard]] stored_t<T>& value() noexcept { return *value_; }

 private:
  void keep_value_of(const Future<T>& future) {
    if constexpr (std::is_void_v<T>) {
      value_.emplace();
    } else if constexpr (std::is_reference_v<T>) {
      value_.emplace(&future.take_value());
    } else {
      value_.emplace(future.take_value());
    }
  }

  std::optional<stored_t<T>> value_;
};

/// The loop's side of it: if that ends without a word, the thread gets CancelledError.
template <class T>
class ResultSender {
 public:
  explicit ResultSender(std::shared_ptr<SharedResult<T>> result) noexcept
      : result_(std::move(result)) {}
  ResultSender(ResultSender&&) noexcept = default;
  ResultSender& operator=(ResultSender&&) = delete;
  ~ResultSender() {
    if (result_) result_->finish(std::make_exception_ptr(CancelledError()));
  }
  void begin(const Task<T>& task) { result_->begun(*task.state()); }
  void send(const Future<T>& future) { std::exchange(result_, nullptr)->follow(future); }
  void fail(std::exception_ptr error) {
    if (result_) std::exchange(result_, nullptr)->finish(std::move(error));
  }

 private:
  std::shared_ptr<SharedResult<T>> result_;
};

/// A coroutine on its way to another thread's loop. If it does not get there, or is refused, the
/// sender says so, and there is nothing else to report; but that no task can be made of it, the
/// loop's exception handler hears too.
template <class T>
class Submission {
 public:
  Submission(Coroutine<T>&& coroutine, ResultSender<T>&& sender,
             std::source_location where) noexcept
      : coroutine_(std::move(coroutine)), sender_(std::move(sender)), where_(where) {}

  void operator()() {
    EventLoop& loop = get_running_loop();
    if (!loop.accepts_coroutines()) return;
    try {
      const Task<T> task = loop.create_task(coroutine_.take(), where_);
      sender_.begin(task);
      task.add_done_callback([sender = std::move(sender_)](const AnyFuture& done) mutable {
        sender.send(Future<T>(done.state()));
      });
    } catch (...) {
      sender_.fail(std::current_exception());
      throw;
    }
  }

 private:
  Unbegun<T> coroutine_;
  ResultSender<T> sender_;
  std::source_location where_;
};

/// Hands `job` to the thread that ends `source`.
void submit_job_when_over(EventLoop& loop, std::unique_ptr<Job> job, SharedEnd& source);

}  // namespace detail

/// A result that another thread's loop will have: what run_coroutine_threadsafe() returns.
///
/// Thread:   any; result() and exception() block, so not one that runs a loop: a coroutine waits
///           with wrap_future().
/// Lifetime: may outlive the loop.
/// Python:   concurrent.futures.Future.
template <class T>
class ConcurrentFuture {
 public:
  /// @cond detail
  explicit ConcurrentFuture(std::shared_ptr<detail::SharedResult<T>> result)
      : result_(result.get(), [kept = result](auto*) { kept->lose_interest(); }) {}
  /// @endcond

  /// Whether result() would return at once.
  [[nodiscard]] bool done() const { return result_->over(); }
  /// Whether it was cancelled, and so is done.
  [[nodiscard]] bool cancelled() const { return result_->cancelled(); }

  /// Blocks until the coroutine has ended, for `timeout` at most, and gives its result: a copy,
  /// or, where T cannot be copied, T itself to the first caller.
  ///
  /// Throws:   what the coroutine threw; CancelledError when it was cancelled, refused by a
  ///           loop that is shutting down, or destroyed with its loop; TimeoutError, and then the
  ///           coroutine goes on, and this may be called again.
  T result(std::optional<Duration> timeout = std::nullopt) const {
    if (const std::exception_ptr& error = wait(timeout)) std::rethrow_exception(error);
    if constexpr (std::is_void_v<T>) {
      return;
    } else if constexpr (std::is_reference_v<T>) {
      return *result_->value();
    } else if constexpr (detail::IsCopyable<T>::value) {
      return result_->value();
    } else {
      return std::move(result_->value());
    }
  }

  /// The same for what the coroutine threw; empty if it has a result.
  ///
  /// Throws:   CancelledError and TimeoutError, as result().
  [[nodiscard]] std::exception_ptr exception(std::optional<Duration> timeout = std::nullopt) const {
    const std::exception_ptr& error = wait(timeout);
    if (cancelled()) std::rethrow_exception(error);
    return error;
  }

  /// Ends it with CancelledError at once, and cancels the task on its loop. Returns whether it is
  /// cancelled: false when it has ended with a result or an error.
  ///
  /// Cost:     an allocation; one system call if the loop sleeps.
  bool cancel() const { return result_->cancel(); }

 private:
  template <class U>
  friend Future<U> wrap_future(ConcurrentFuture<U> source);

  [[nodiscard]] const std::exception_ptr& wait(std::optional<Duration> timeout) const {
    if (!result_->wait(timeout)) throw TimeoutError();
    return result_->error();
  }

  std::shared_ptr<detail::SharedResult<T>> result_;
};

/// Makes `coroutine` a task of another thread's loop.
///
/// A loop whose run() has been interrupted or has ended takes no more: the result is then
/// CancelledError.
///
/// Thread:   any; on the loop's own, result() would wait for ever, and wrap_future() does not.
/// Throws:   RuntimeError when the loop is closed. What the loop's task factory throws is the
///           result, and its exception handler hears of it.
/// Cancel:   a cancel of the task reaches the thread as CancelledError, and a cancel of what is
///           returned the task.
/// Cost:     some allocations beside the task; one system call if the loop sleeps.
/// Python:   asyncio.run_coroutine_threadsafe.
template <class T>
ConcurrentFuture<T> run_coroutine_threadsafe(
    Coroutine<T> coroutine, const LoopHandle& loop,
    std::source_location where = std::source_location::current()) {
  auto result = std::make_shared<detail::SharedResult<T>>(loop);
  ConcurrentFuture<T> future(result);
  loop.call_soon_threadsafe(detail::Submission<T>(
      std::move(coroutine), detail::ResultSender<T>(std::move(result)), where));
  return future;
}

/// A future of the running loop that ends as `source` does, which another thread's loop ends.
/// Of a result that cannot be copied this is the one caller who gets it.
///
/// Throws:   RuntimeError when no loop runs.
/// Cancel:   a cancel of the future cancels `source`, unless that is over.
/// Cost:     some allocations; the end costs what call_soon_threadsafe() costs.
/// Python:   asyncio.wrap_future.
template <class T>
Future<T> wrap_future(ConcurrentFuture<T> source) {
  EventLoop& loop = get_running_loop();
  const Future<T> future = loop.create_future<T>();
  future.add_done_callback([source](const AnyFuture& done) {
    if (done.cancelled()) source.cancel();
  });
  auto take = [source]() -> T { return source.result(); };
  detail::submit_job_when_over(
      loop,
      std::make_unique<detail::JobOf<T, decltype(take)>>(loop, future, std::move(take),
                                                         detail::CancelledJob::is_cancelled),
      *source.result_);
  return future;
}

/// A future of a loop is given back as it is.
template <class T>
Future<T> wrap_future(Future<T> future) {
  return future;
}

}  // namespace asyncio
