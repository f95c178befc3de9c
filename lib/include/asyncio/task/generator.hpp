#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/generator_state.hpp>
#include <asyncio/task/coroutine.hpp>
#include <utility>

namespace asyncio {

/// An asynchronous generator: a coroutine that yields a value with `co_yield` for each next(), and
/// can also use `co_await`. It runs only while a task awaits next(), inside that task.
///
///     AsyncGenerator<std::string> lines(Reader& reader) {
///       while (auto line = co_await reader.line()) co_yield *line;
///     }
///     auto all = lines(reader);
///     while (auto line = co_await all.next()) ...
///
/// To end a generator early, call aclose() if its clean-up has to await anything. An unfinished
/// generator that is dropped is destroyed at the place where it is suspended. As for any coroutine,
/// this runs destructors but no catch blocks. At its end, run() closes those that are left.
///
/// Thread:   its loop's thread only.
/// Lifetime: parameters are stored in the generator, as in a Coroutine.
/// Cost:     two blocks from the frame pool; a value takes no turn and no allocation.
/// Python:   an asynchronous generator; there, the loop later closes one that was dropped.
template <class T>
class [[nodiscard("give it a name, and await its next()")]] AsyncGenerator {
 public:
  /// @cond detail
  using promise_type = detail::GeneratorPromise<T>;
  using value_type = T;
  using NextAwaitable = detail::NextAwaitable<T>;
  using CloseAwaitable = detail::CloseAwaitable;
  /// @endcond

  /// Takes over the other generator, which then returns no more values.
  AsyncGenerator(AsyncGenerator&&) noexcept = default;
  /// Drops its own generator, if any, and takes over the other one.
  AsyncGenerator& operator=(AsyncGenerator&&) noexcept = default;

  /// Runs the generator to its next co_yield and returns that value, or nothing if the generator
  /// has ended or been closed. A reference is returned as a std::reference_wrapper.
  ///
  /// Throws:   any exception of the generator, which ends it; RuntimeError while another next() or
  ///           aclose() is running.
  /// Cancel:   throws CancelledError at the generator's current co_await.
  [[nodiscard]] NextAwaitable next() const { return NextAwaitable(state_); }

  /// Closes the generator: throws GeneratorExit at its current co_yield, and awaits its clean-up. A
  /// generator that has not begun, or has ended, is closed at once.
  ///
  /// Throws:   any exception of the clean-up except GeneratorExit; RuntimeError if the generator
  ///           yields another value, or while a next() is running.
  /// Cancel:   throws CancelledError at the current co_await of the clean-up.
  [[nodiscard]] CloseAwaitable aclose() const { return CloseAwaitable(state_); }

 private:
  friend promise_type;
  explicit AsyncGenerator(detail::Ref<detail::GeneratorState> state) noexcept
      : state_(std::move(state)) {}

  detail::Ref<detail::GeneratorState> state_;
};

/// Closes all generators of the running loop that have begun and not ended, at the same time. Their
/// errors go to the loop's exception handler. run() calls this at its end.
///
/// Cancel:   cancels the clean-up that it is waiting for.
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
