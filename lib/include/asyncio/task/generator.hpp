#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/generator_state.hpp>
#include <asyncio/task/coroutine.hpp>
#include <utility>

namespace asyncio {

/// A coroutine that gives values with `co_yield`, one for each next(), and can `co_await`
/// meanwhile. It runs inside whichever task awaits next(), and only then.
///
///     AsyncGenerator<std::string> lines(Reader& reader) {
///       while (auto line = co_await reader.line()) co_yield *line;
///     }
///     auto all = lines(reader);
///     while (auto line = co_await all.next()) ...
///
/// Break off with aclose(), where its clean-up has to await anything: one that is dropped
/// unfinished is destroyed where it stands, which runs the destructors of what it holds but no
/// handler, as for any coroutine. run() closes at its end those that still live.
///
/// Thread:   its loop's thread only.
/// Lifetime: parameters are kept in it, as in a Coroutine.
/// Cost:     two blocks from the frame pool; a value no turn and no allocation.
/// Python:   an asynchronous generator; dropping one there has the loop close it later.
template <class T>
class [[nodiscard("give it a name, and await its next()")]] AsyncGenerator {
 public:
  /// @cond detail
  using promise_type = detail::GeneratorPromise<T>;
  using value_type = T;
  using NextAwaitable = detail::NextAwaitable<T>;
  using CloseAwaitable = detail::CloseAwaitable;
  /// @endcond

  /// Takes it over; the other one gives no more values.
  AsyncGenerator(AsyncGenerator&&) noexcept = default;
  /// The same.
  AsyncGenerator& operator=(AsyncGenerator&&) noexcept = default;

  /// Runs it to its next co_yield and gives that value (a reference as a
  /// std::reference_wrapper), or nothing when it has ended or has been closed.
  ///
  /// Throws:   what the generator throws, which is its end; RuntimeError while another next()
  ///           or aclose() is under way.
  /// Cancel:   arrives at the co_await at which the generator is.
  [[nodiscard]] NextAwaitable next() const { return NextAwaitable(state_); }

  /// Ends it: throws GeneratorExit at the co_yield at which it is, and awaits its clean-up. One
  /// that has not begun, or has ended, is closed at once.
  ///
  /// Throws:   what the clean-up throws, GeneratorExit excepted; RuntimeError if it yields a
  ///           further value, or while a next() is under way.
  /// Cancel:   arrives at the co_await at which the clean-up is.
  [[nodiscard]] CloseAwaitable aclose() const { return CloseAwaitable(state_); }

 private:
  friend promise_type;
  explicit AsyncGenerator(detail::Ref<detail::GeneratorState> state) noexcept
      : state_(std::move(state)) {}

  detail::Ref<detail::GeneratorState> state_;
};

/// Closes the generators of the running loop that have begun and not ended, all at the same
/// time. Their errors go to the loop's exception handler. run() does it at its end.
///
/// Cancel:   cancels the clean-up that it waits for.
/// Python:   loop.shutdown_asyncgens().
[[nodiscard]] Coroutine<void> shutdown_asyncgens();

// ----------------------------------------------------------------------------------------

template <class T>
AsyncGenerator<T> detail::GeneratorPromise<T>::get_return_object() {
  static_assert(alignof(GeneratorPromise) == alignof(PromiseBase));
  Ref<GeneratorState> state(new GeneratorState(*this));
  state_ = state.get();
  return AsyncGenerator<T>(std::move(state));
}

}  // namespace asyncio
