#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/base/result.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task.hpp>
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

/// What a loop and a waiting thread share: whether it is over, and the error.
class SharedEnd {
 public:
  explicit SharedEnd(const LoopHandle& loop) noexcept
      : loop_(loop.mailbox()->loop()), sender_(loop) {}

  /// Blocks until it is over. A worker of this loop, on a virtual clock, gives its turn back;
  /// one of another loop keeps it, as whatever blocks in the kernel does.
  void wait();
  [[nodiscard]] bool over() const;
  /// Nobody asks for the result any more.
  void lose_interest() noexcept;

  // --- On the loop's thread, once ---
  void fail(std::exception_ptr error);
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

 protected:
  /// Everything that wait() is to see must be written by then.
  void finish();

 private:
  const EventLoop* loop_;  // only to be compared
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::vector<Party*> parties_;  // those that wait for a turn
  // A thread that waits for the result may post afterwards, so the loop is not deadlocked.
  std::optional<LoopHandle> sender_;
  std::exception_ptr error_;
};

template <class T>
class SharedResult final : public SharedEnd {
 public:
  using SharedEnd::SharedEnd;

  void follow(const Future<T>& future) {
    if (std::exception_ptr error = future.state()->error_or_cancel()) {
      fail(std::move(error));
      return;
    }
    try {
      keep_value_of(future);
    } catch (...) {  // it could not be copied
      fail(std::current_exception());
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
    if (result_) result_->fail(std::make_exception_ptr(CancelledError()));
  }
  void send(const Future<T>& future) { std::exchange(result_, nullptr)->follow(future); }

 private:
  std::shared_ptr<SharedResult<T>> result_;
};

/// A coroutine on its way to another thread's loop. If it does not get there, or is refused, the
/// sender says so, and there is nothing else to report.
template <class T>
class Submission {
 public:
  Submission(Coroutine<T>&& coroutine, ResultSender<T>&& sender,
             std::source_location where) noexcept
      : coroutine_(std::move(coroutine)), sender_(std::move(sender)), where_(where) {}

  void operator()() {
    EventLoop& loop = get_running_loop();
    if (!loop.accepts_coroutines()) return;
    const Task<T> task = loop.create_task(coroutine_.take(), where_);
    task.add_done_callback([sender = std::move(sender_)](const AnyFuture& done) mutable {
      sender.send(Future<T>(done.state()));
    });
  }

 private:
  Unbegun<T> coroutine_;
  ResultSender<T> sender_;
  std::source_location where_;
};

}  // namespace detail

/// A result that another thread's loop will have: what run_coroutine_threadsafe() returns.
///
/// Thread:   any; result() blocks, so not one that runs a loop.
/// Lifetime: may outlive the loop.
/// Python:   concurrent.futures.Future.
template <class T>
class ConcurrentFuture {
 public:
  explicit ConcurrentFuture(std::shared_ptr<detail::SharedResult<T>> result)
      : result_(result.get(), [kept = result](auto*) { kept->lose_interest(); }) {}

  /// Whether result() would return at once.
  [[nodiscard]] bool done() const { return result_->over(); }

  /// Blocks until the coroutine has ended, and gives its result: a copy, or, where T cannot be
  /// copied, T itself to the first caller.
  ///
  /// Throws:   what the coroutine threw; CancelledError when it was cancelled, refused by a
  ///           loop that is shutting down, or destroyed with its loop.
  T result() const {
    result_->wait();
    if (result_->error()) std::rethrow_exception(result_->error());
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

 private:
  std::shared_ptr<detail::SharedResult<T>> result_;
};

/// Makes `coroutine` a task of another thread's loop.
///
/// A loop whose run() has been interrupted or has ended takes no more: the result is then
/// CancelledError.
///
/// Thread:   any but the loop's own, where result() would wait for ever.
/// Throws:   RuntimeError when the loop is closed.
/// Cancel:   a cancel of the task reaches the thread as CancelledError.
/// Cost:     two allocations beside the task; one system call if the loop sleeps.
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

}  // namespace asyncio
