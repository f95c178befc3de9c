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

/// A future or a task whose type of result does not matter: what wait() takes and gives.
///
/// Handles are cheap to copy; two are equal if they stand for the same future. Awaiting one
/// gives no value, but throws the error. There is a std::hash for futures and tasks.
///
/// Thread:   its loop's thread only.
/// Cost:     a copy counts an owner, not atomically.
/// Python:   asyncio.Future.
class AnyFuture {
 public:
  using value_type = void;  ///< what awaiting it gives

  /// Stands for no future: neither done nor cancelled, and every other call throws RuntimeError.
  AnyFuture() = default;
  /// @cond detail
  explicit AnyFuture(detail::Ref<detail::FutureBase> state) noexcept : state_(std::move(state)) {}
  /// @endcond

  /// Whether it stands for a future.
  [[nodiscard]] bool valid() const noexcept { return static_cast<bool>(state_); }
  /// Whether it has a result or an error, or was cancelled.
  [[nodiscard]] bool done() const noexcept { return valid() && state_->done(); }
  /// Whether it was cancelled, and so is done.
  [[nodiscard]] bool cancelled() const noexcept {
    return valid() && state_->state() == detail::FutureBase::State::cancelled;
  }
  /// Whether it stands for a task.
  [[nodiscard]] bool is_task() const noexcept { return valid() && state_->is_task(); }

  /// Asks for it to be cancelled; false, and nothing happens, if it is done.
  ///
  /// A plain future is cancelled inside the call. A task sees CancelledError at its innermost
  /// co_await; it may clean up there, or refuse. Every awaiter gets `message`.
  ///
  /// Throws:   RuntimeError for tasks that await each other in a circle.
  /// Cost:     linear in the chain of tasks that it is passed on through; a message is allocated.
  bool cancel(const std::string& message = {}) const {
    return checked().cancel(detail::cancel_reason(message));
  }

  /// Its error, or empty if it has a result. Counts as retrieved.
  ///
  /// Throws:   InvalidStateError while it is not done; CancelledError if it was cancelled.
  [[nodiscard]] std::exception_ptr exception() const { return checked().exception(); }

  /// The loop it belongs to.
  ///
  /// Throws:   RuntimeError when that has been destroyed.
  [[nodiscard]] EventLoop& get_loop() const;

  /// Names a done callback for remove_done_callback().
  using CallbackId = detail::Ref<detail::UserCallback>;

  /// Calls `function(AnyFuture)`, or `function()`, in the turn after it is done; if it is done
  /// already, in the next turn. Several are called in the order in which they were added; what
  /// one throws goes to the loop's exception handler.
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

  /// Takes a done callback back; false if it no longer waits for the future.
  bool remove_done_callback(const CallbackId& id) const noexcept {
    return valid() && id && state_->remove_callback(*id);
  }

  /// Awaits the end.
  ///
  /// Throws:   its error; CancelledError.
  /// Cancel:   cancels the future; the task sees CancelledError one turn later.
  auto operator co_await() const;

  /// Whether they stand for the same future.
  friend bool operator==(const AnyFuture& a, const AnyFuture& b) noexcept {
    return a.state_.get() == b.state_.get();
  }

  /// @cond detail
  /// Describes the state, with `result` as the text of a value.
  [[nodiscard]] std::string describe(const std::string& result = {}) const;
  [[nodiscard]] const detail::Ref<detail::FutureBase>& state() const noexcept { return state_; }
  /// What it stands for. Throws: RuntimeError if that is nothing.
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

/// Its state in words: "<Future pending callbacks=1>", "<Task 'Task-2' pending in work() at
/// app.cpp:7 waits for Task-3>", "<Future finished exception=ValueError: bad>".
[[nodiscard]] std::string to_string(const AnyFuture& future);

/// A result of type T that is not there yet.
///
/// co_await gives the result to any number of awaiters: a copy to each, or, where T cannot be
/// copied, T itself to the first.
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.Future. A Task<T> can be used as one.
template <class T = void>
class Future : public AnyFuture {
 public:
  using value_type = T;  ///< what awaiting it gives

  /// Stands for no future.
  Future() = default;
  /// @cond detail
  explicit Future(detail::Ref<detail::FutureBase> state) noexcept : AnyFuture(std::move(state)) {}
  /// @endcond

  /// The result.
  ///
  /// Throws:   InvalidStateError while it is not done; its error; CancelledError.
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

  /// Makes it done. For void: set_result().
  ///
  /// Throws:   InvalidStateError if it is done; RuntimeError for a task, whose result is its
  ///           coroutine's.
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

  /// Makes it done with an error.
  ///
  /// Throws:   as set_result(); ValueError for an empty pointer.
  void set_exception(std::exception_ptr error) const {
    checked().check_settable();
    if (!error) throw ValueError("set_exception() needs an exception");
    state()->finish_failed(std::move(error));
  }
  /// The same with an exception object.
  template <class E>
    requires(!std::convertible_to<E, std::exception_ptr>)
  void set_exception(E&& error) const {
    set_exception(std::make_exception_ptr(std::forward<E>(error)));
  }

  /// Awaits the result.
  ///
  /// Throws:   its error; CancelledError.
  /// Resumes:  in the turn after its end; if it is done, does not suspend.
  /// Cancel:   cancels the future; the task sees CancelledError one turn later.
  auto operator co_await() const&;
  /// The same; this handle stands for no future then.
  auto operator co_await() &&;
};

/// Describes a future with its result, if that is a number or a text: "<Future finished result=3>".
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
      result += '\'';  // by appending: g++ 12 warns, wrongly, of "'" + a text
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
