#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/future_awaiter.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <asyncio/detail/task/future_value.hpp>
#include <asyncio/detail/task/user_callback.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

/// A handle to a future or a task, without the type of its result. wait() takes and returns such
/// handles.
///
/// Handles are cheap to copy. Two are equal if they refer to the same future. co_await returns no
/// value, but throws the future's error. std::hash works for futures and tasks.
///
/// Thread:   its loop's thread only.
/// Cost:     a copy increments a reference count, not atomically.
/// Python:   asyncio.Future.
class AnyFuture {
 public:
  using value_type = void;  ///< the type that co_await returns

  /// Creates an empty handle, which refers to no future. It is neither done nor cancelled; calls
  /// that need a future throw RuntimeError.
  AnyFuture() = default;
  /// @cond detail
  explicit AnyFuture(detail::Ref<detail::FutureBase> state) noexcept : state_(std::move(state)) {}
  /// @endcond

  /// Returns whether the handle refers to a future.
  [[nodiscard]] bool valid() const noexcept { return static_cast<bool>(state_); }
  /// Returns whether the future has a result or an error, or was cancelled.
  [[nodiscard]] bool done() const noexcept { return valid() && state_->done(); }
  /// Returns whether the future was cancelled, and so is done.
  [[nodiscard]] bool cancelled() const noexcept {
    return valid() && state_->state() == detail::FutureBase::State::cancelled;
  }
  /// Returns whether the future is a task.
  [[nodiscard]] bool is_task() const noexcept { return valid() && state_->is_task(); }

  /// Requests the cancellation of the future. Returns false, and does nothing, if it is done.
  ///
  /// A plain future is cancelled inside the call. A task gets CancelledError at its innermost
  /// co_await. It may clean up there, or refuse to end. Every awaiter gets `message`.
  ///
  /// Throws:   RuntimeError if tasks await each other in a cycle.
  /// Cost:     linear in the length of the chain of awaited tasks; one allocation for a message.
  bool cancel(const std::string& message = {}) const {
    return checked().cancel(detail::cancel_reason(message));
  }

  /// Returns the error, or null if the future has a result. The error then counts as retrieved.
  ///
  /// Throws:   InvalidStateError if the future is not done; CancelledError if it was cancelled.
  [[nodiscard]] std::exception_ptr exception() const { return checked().exception(); }

  /// Returns the loop that the future belongs to.
  ///
  /// Throws:   RuntimeError if that loop has been destroyed.
  [[nodiscard]] EventLoop& get_loop() const;

  /// An identifier of a done callback, for remove_done_callback().
  using CallbackId = detail::Ref<detail::UserCallback>;

  /// Calls `function(AnyFuture)`, or `function()`, in the turn after the future is done, or in the
  /// next turn if it is done already. Callbacks are called in the order in which they were added.
  /// Their errors go to the loop's exception handler.
  ///
  /// Cost:     one allocation.
  template <class F>
    requires std::invocable<F&, AnyFuture> || std::invocable<F&>
  CallbackId add_done_callback(F function) const {
    auto adapted = [call =
                        std::move(function)](const detail::Ref<detail::FutureBase>& state) mutable {
      if constexpr (std::invocable<F&, AnyFuture>) {
        call(AnyFuture(state));
      } else {
        call();
      }
    };
    const CallbackId callback(
        new detail::UserCallbackOf<decltype(adapted)>(checked(), std::move(adapted)));
    state_->add_callback(*callback);
    return callback;
  }

  /// Removes a done callback. Returns false if the future is done or the callback has already been
  /// removed.
  bool remove_done_callback(const CallbackId& id) const noexcept {
    return valid() && id && state_->remove_callback(*id);
  }

  /// Waits until the future is done.
  ///
  /// Throws:   the future's error; CancelledError.
  /// Cancel:   cancels the future; the task gets CancelledError one turn later.
  auto operator co_await() const;

  /// Returns whether both handles refer to the same future.
  friend bool operator==(const AnyFuture& a, const AnyFuture& b) noexcept {
    return a.state_.get() == b.state_.get();
  }

  /// @cond detail
  /// Describes the state. `result` is the text of the value, if it has one.
  [[nodiscard]] std::string describe(const std::string& result = {}) const;
  [[nodiscard]] const detail::Ref<detail::FutureBase>& state() const noexcept { return state_; }
  /// Returns the future.
  ///
  /// Throws:   RuntimeError if the handle is empty.
  [[nodiscard]] detail::FutureBase& checked() const {
    if (!state_) detail::throw_no_future();
    return *state_;
  }
  [[nodiscard]] detail::Ref<detail::FutureBase> take_state() && noexcept {
    return std::move(state_);
  }
  /// @endcond

 private:
  detail::Ref<detail::FutureBase> state_;
};

/// Formats the state: "<Future pending callbacks=1>", "<Task 'Task-2' pending in work() at
/// app.cpp:7 waits for Task-3>", "<Future finished exception=ValueError: bad>".
[[nodiscard]] std::string to_string(const AnyFuture& future);

/// A handle to a result of type T that may not be there yet.
///
/// co_await returns the result to any number of awaiters. Each gets a copy; if T cannot be copied,
/// the first awaiter gets the result itself.
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.Future. A Task<T> can be used as one.
template <class T = void>
class Future : public AnyFuture {
 public:
  using value_type = T;  ///< the type of the result

  /// Creates an empty handle, which refers to no future.
  Future() = default;
  /// @cond detail
  explicit Future(detail::Ref<detail::FutureBase> state) noexcept : AnyFuture(std::move(state)) {}
  /// @endcond

  /// Returns the result.
  ///
  /// Throws:   InvalidStateError if the future is not done; the future's error; CancelledError.
  decltype(auto) result() const {
    checked().require_value();
    if constexpr (std::is_void_v<T>) {
      return;
    } else if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(*detail::value_slot<T>(*state()));
    } else {
      return static_cast<const T&>(detail::value_slot<T>(*state()));
    }
  }

  /// Sets the result, so that the future is done. A Future<void> takes no argument.
  ///
  /// Throws:   InvalidStateError if the future is done; RuntimeError for a task, which gets its
  ///           result from its coroutine.
  template <class... Args>
    requires(std::is_void_v<T> ? sizeof...(Args) == 0
                               : sizeof...(Args) == 1 && (std::is_convertible_v<Args, T> && ...))
  void set_result(Args&&... value) const {
    checked().check_settable();
    auto& typed = static_cast<detail::FutureState<T>&>(*state());
    if constexpr (std::is_reference_v<T>) {
      typed.set_value((&value)...);
    } else {
      typed.set_value(std::forward<Args>(value)...);
    }
  }

  /// Sets an error, so that the future is done.
  ///
  /// Throws:   like set_result(); ValueError if `error` is null.
  void set_exception(std::exception_ptr error) const {
    checked().check_settable();
    if (!error) throw ValueError("set_exception() needs an exception");
    state()->finish_failed(std::move(error));
  }
  /// Sets an exception object as the error.
  template <class E>
    requires(!std::convertible_to<E, std::exception_ptr>)
  void set_exception(E&& error) const {
    set_exception(std::make_exception_ptr(std::forward<E>(error)));
  }

  /// Waits until the future is done and returns its result.
  ///
  /// Throws:   the future's error; CancelledError.
  /// Resumes:  in the turn after the future's end; does not suspend if it is done.
  /// Cancel:   cancels the future; the task gets CancelledError one turn later.
  auto operator co_await() const&;
  /// Waits for the result like the overload above, and leaves this handle empty.
  auto operator co_await() &&;
};

/// Formats a future with its result, if that is a number or a string: "<Future finished result=3>".
template <class T>
[[nodiscard]] std::string to_string(const Future<T>& future);

// ----------------------------------------------------------------------------------------

inline auto AnyFuture::operator co_await() const {
  (void)checked();
  return detail::FutureAwaiter<void>(state_);
}

template <class T>
auto Future<T>::operator co_await() const& {
  (void)checked();
  return detail::FutureAwaiter<T>(state());
}
template <class T>
auto Future<T>::operator co_await() && {
  (void)checked();
  return detail::FutureAwaiter<T>(std::move(*this).take_state());
}

template <class T>
Future<T> EventLoop::create_future(std::source_location where) {
  return Future<T>(detail::Ref<detail::FutureBase>(new detail::FutureState<T>(*this, where)));
}

template <class T>
std::string to_string(const Future<T>& future) {
  std::string result;
  if (future.valid() && future.state()->state() == detail::FutureBase::State::has_value) {
    if constexpr (std::is_same_v<T, std::string>) {
      result += '\'';  // appended, because g++ 12 warns, wrongly, of "'" + a string
      result += future.result();
      result += '\'';
    } else if constexpr (std::is_same_v<T, bool>) {
      result = future.result() ? "true" : "false";
    } else if constexpr (std::is_arithmetic_v<T>) {
      result = std::to_string(future.result());
    }
  }
  return future.describe(result);
}

}  // namespace asyncio

/// @cond detail
template <>
struct std::hash<asyncio::AnyFuture> {
  std::size_t operator()(const asyncio::AnyFuture& future) const noexcept {
    return std::hash<const void*>{}(future.state().get());
  }
};
template <class T>
struct std::hash<asyncio::Future<T>> : std::hash<asyncio::AnyFuture> {};
/// @endcond
