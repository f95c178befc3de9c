#pragma once

#include <asyncio/base/result.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <concepts>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace asyncio::detail {

/// Selects what an Attempt does when the awaiting task itself is cancelled: return a Result or
/// throw CancelledError.
enum class CancelOf : std::uint8_t { none, awaiting_task };

/// An awaiter that calls `open()` and awaits the returned awaitable in place. It gives a Result: a
/// value, an error or a cancellation. An error of `open()` becomes a Result as well. Errors of
/// coroutines and futures are passed on without a throw, and nothing is allocated.
template <class Open, CancelOf thrown>
class AttemptAwaiter : public AwaiterTag {
  using Awaitable = std::invoke_result_t<Open&>;
  using Awaiter = decltype(std::declval<Awaitable>().operator co_await());
  using T = typename Awaitable::value_type;

 public:
  explicit AttemptAwaiter(Open& open) noexcept : open_(open) {}
  AttemptAwaiter(const AttemptAwaiter&) = delete;
  AttemptAwaiter& operator=(const AttemptAwaiter&) = delete;

  bool await_ready() noexcept {
    try {
      opened_.emplace(open_);
      return opened_->awaiter.await_ready();
    } catch (...) {
      error_ = std::current_exception();
      return true;
    }
  }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
    note_cancels(*awaiting.promise().task());
    try {
      if constexpr (std::is_void_v<decltype(opened_->awaiter.await_suspend(awaiting))>) {
        opened_->awaiter.await_suspend(awaiting);
        return true;
      } else {
        return opened_->awaiter.await_suspend(awaiting);
      }
    } catch (...) {
      error_ = std::current_exception();
      return false;
    }
  }

  Result<T> await_resume() {
    if (error_) return Result<T>::failed(std::move(error_));
    if constexpr (thrown == CancelOf::awaiting_task) {
      if (task_ != nullptr) task_->check_cancelled();
      Result<T> result = take();
      if (result.cancelled() && task_is_cancelled()) std::rethrow_exception(result.error());
      return result;
    } else {
      return take();
    }
  }

 private:
  // Keeps the two together and never moves them, because an awaiter may refer to its awaitable.
  struct Opened {
    explicit Opened(Open& open)
        : awaitable(open()), awaiter(std::move(awaitable).operator co_await()) {}
    Awaitable awaitable;
    Awaiter awaiter;
  };

  Result<T> take() noexcept {
    try {
      if constexpr (requires { opened_->awaiter.outcome(); }) {
        return opened_->awaiter.outcome();
      } else if constexpr (std::is_void_v<T>) {
        opened_->awaiter.await_resume();
        return Result<T>(std::monostate());
      } else {
        return Result<T>(opened_->awaiter.await_resume());
      }
    } catch (...) {
      return Result<T>::failed(std::current_exception());
    }
  }

  void note_cancels(TaskBase& task) noexcept {
    if constexpr (thrown == CancelOf::awaiting_task) {
      task_ = &task;
      cancels_before_ = task.cancelling();
      was_asked_before_ = task.cancel_is_due();
    }
  }
  [[nodiscard]] bool task_is_cancelled() const noexcept {
    return task_ != nullptr && (was_asked_before_ || task_->cancelling() > cancels_before_);
  }

  Open& open_;  // owned by the Attempt
  std::optional<Opened> opened_;
  std::exception_ptr error_;  // thrown by open() or by the suspension
  TaskBase* task_ = nullptr;  // null unless the awaiting task has suspended
  std::uint32_t cancels_before_ = 0;
  bool was_asked_before_ = false;
};

template <class Open, CancelOf thrown>
using Attempt = Awaitable<AttemptAwaiter<Open, thrown>, Open>;

/// Awaits what `open()` returns and gives its Result, even if the awaiting task is cancelled.
template <class Open>
Attempt<Open, CancelOf::none> attempt(Open open) {
  return Attempt<Open, CancelOf::none>(std::move(open));
}

/// Returns the awaitable of `source`: the result of calling it if it is a body, with `scope` if the
/// body takes that; otherwise `source` itself.
template <class Source, class... Scope>
auto open_source(Source& source, Scope&... scope) {
  if constexpr (std::invocable<Source&, Scope&...>) {
    return std::invoke(source, scope...);
  } else if constexpr (std::invocable<Source&>) {
    return std::invoke(source);
  } else {
    return std::move(source);
  }
}
template <class Source, class... Scope>
using opened_t =
    typename decltype(open_source(std::declval<Source&>(), std::declval<Scope&>()...))::value_type;

/// A callable that hands over the awaitable it holds.
template <class Awaitable>
class ValueHolder {
 public:
  explicit ValueHolder(Awaitable awaitable) : awaitable_(std::move(awaitable)) {}
  Awaitable operator()() { return std::move(awaitable_); }

 private:
  Awaitable awaitable_;
};

}  // namespace asyncio::detail
