#pragma once

#include <asyncio/base/result.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <asyncio/detail/task/future_value.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <coroutine>
#include <utility>

namespace asyncio::detail {

/// An awaiter of a future. With T void, it awaits any future and ignores its value.
template <class T>
class FutureAwaiter final : public AwaiterTag {
 public:
  explicit FutureAwaiter(Ref<FutureBase> future) noexcept : future_(std::move(future)) {}
  FutureAwaiter(const FutureAwaiter&) = delete;
  FutureAwaiter& operator=(const FutureAwaiter&) = delete;

  [[nodiscard]] bool await_ready() const noexcept { return future_->done(); }

  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> awaiting) {
    task_ = awaiting.promise().task();
    misuse_ = task_->wait_for_future(*future_, awaiting.promise());
  }

  T await_resume() {
    check_await();
    future_->require_value();
    return take_value<T>(*future_);
  }
  /// Returns the result or the future's error as a value; used instead of await_resume().
  Result<T> outcome() {
    check_await();
    return take_result<T>(future_);
  }

 private:
  /// Throws the errors of the await itself, but not the future's own error.
  void check_await() {
    if (task_ == nullptr) return;
    task_->check_cancelled();
    if (misuse_ != AwaitMisuse::none) throw_await_misuse(misuse_, *task_);
  }

  Ref<FutureBase> future_;
  TaskBase* task_ = nullptr;  // null if it did not suspend
  AwaitMisuse misuse_ = AwaitMisuse::none;
};

}  // namespace asyncio::detail
