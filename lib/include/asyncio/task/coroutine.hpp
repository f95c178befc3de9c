#pragma once

#include <asyncio/detail/task/promise.hpp>
#include <utility>

namespace asyncio {

/// The result of calling an async function: a piece of work that has not begun.
///
/// `co_await` runs the coroutine to its end inside the current task, without a scheduling point of
/// its own. create_task() runs it in a task of its own. A coroutine has one owner and is awaited
/// once, as an rvalue. If it is dropped before that, it never runs, and the loop's exception
/// handler gets a report.
///
/// Thread:   the thread of the loop on which it will run.
/// Lifetime: parameters are stored in the coroutine, so take them by value. An object passed by
///           reference, and a lambda whose captures are used, must live until the coroutine ends.
/// Cost:     one block from the frame pool; awaiting one that does not suspend takes about 15 ns.
/// Python:   the object that a call of an `async def` function returns.
template <class T = void>
class [[nodiscard("co_await it, or pass it to create_task()")]] Coroutine {
 public:
  /// @cond detail
  using promise_type = detail::Promise<T>;
  /// @endcond
  using value_type = T;  ///< the type of the result

  /// Takes over the work of the other coroutine, which is then no longer valid().
  Coroutine(Coroutine&&) noexcept = default;
  /// Drops and reports its own work, if any, and takes over that of `other`.
  Coroutine& operator=(Coroutine&& other) noexcept {
    report_if_dropped();
    frame_ = std::move(other.frame_);
    return *this;
  }
  /// Reports the coroutine if it is still valid().
  ~Coroutine() { report_if_dropped(); }

  /// Returns false once the coroutine has been awaited, made a task, closed, or moved from.
  [[nodiscard]] bool valid() const noexcept { return frame_.promise() != nullptr; }

  /// Runs the coroutine to its end and returns its result.
  ///
  /// Throws:   any exception of the coroutine; RuntimeError if it is not valid().
  /// Cancel:   throws CancelledError at the coroutine's innermost co_await.
  auto operator co_await() && {
    check_valid();
    return detail::CoroutineAwaiter<T>(std::move(frame_));
  }

  /// Drops the coroutine on purpose: it is no longer valid(), and nothing is reported.
  void close() noexcept { frame_.destroy(); }

  /// @cond detail
  /// Hands over the frame, to code that runs coroutines itself.
  ///
  /// Throws:   RuntimeError if the coroutine is not valid().
  [[nodiscard]] detail::FrameOwner<T> release() && {
    check_valid();
    return std::move(frame_);
  }
  /// @endcond

 private:
  friend promise_type;
  explicit Coroutine(promise_type& promise) noexcept : frame_(promise) {}

  void report_if_dropped() const noexcept {
    if (valid()) detail::report_never_awaited(*frame_.promise());
  }
  void check_valid() const {
    if (!valid()) [[unlikely]]
      detail::throw_already_awaited();
  }
  detail::FrameOwner<T> frame_;
};

// ----------------------------------------------------------------------------------------

template <class T>
Coroutine<T> detail::Promise<T>::get_return_object() noexcept {
  static_assert(alignof(Promise) == alignof(PromiseBase));
  return Coroutine<T>(*this);
}

inline Coroutine<void> detail::Promise<void>::get_return_object() noexcept {
  static_assert(alignof(Promise) == alignof(PromiseBase));
  return Coroutine<void>(*this);
}

}  // namespace asyncio
