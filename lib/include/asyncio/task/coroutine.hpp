#pragma once

#include <asyncio/detail/task/promise.hpp>
#include <utility>

namespace asyncio {

/// What an async function returns: a piece of work that has not begun.
///
/// `co_await` runs it to its end inside the present task, without a scheduling point of its
/// own; create_task() makes a task of it. It is awaited once, as an rvalue, by one owner. One
/// that is dropped without that never runs, and is reported to the loop's exception handler.
///
/// Thread:   the thread of the loop that it is to run on.
/// Lifetime: parameters are kept in the coroutine, so take them by value; what a reference or
///           a lambda's capture names must live until the end.
/// Cost:     one block from the frame pool; awaiting one that does not suspend about 15 ns.
/// Python:   the object that calling an `async def` function gives.
template <class T = void>
class [[nodiscard("co_await it, or pass it to create_task()")]] Coroutine {
 public:
  /// @cond detail
  using promise_type = detail::Promise<T>;
  /// @endcond
  using value_type = T;  ///< what awaiting it gives

  /// Takes the work over; the other one is not valid() any more.
  Coroutine(Coroutine&&) noexcept = default;
  /// The same; what it stood for itself is dropped, and reported.
  Coroutine& operator=(Coroutine&& other) noexcept {
    report_if_dropped();
    frame_ = std::move(other.frame_);
    return *this;
  }
  /// Reports it, if it is valid().
  ~Coroutine() { report_if_dropped(); }

  /// False when it has been awaited, made a task, or moved from.
  [[nodiscard]] bool valid() const noexcept { return frame_.promise() != nullptr; }

  /// Runs it to its end and gives its result.
  ///
  /// Throws:   what the coroutine throws; RuntimeError if it is not valid().
  /// Cancel:   the coroutine sees CancelledError at its innermost co_await.
  auto operator co_await() && {
    check_valid();
    return detail::CoroutineAwaiter<T>(std::move(frame_));
  }

  /// Drops it on purpose: it is not valid() any more, and nothing is reported.
  void close() noexcept { frame_.destroy(); }

  /// @cond detail
  /// Hands the frame over; for those who run coroutines.
  ///
  /// Throws:   RuntimeError if it is not valid().
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
