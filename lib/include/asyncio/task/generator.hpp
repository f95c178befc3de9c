#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/base/frame_pool.hpp>
#include <asyncio/base/intrusive.hpp>
#include <asyncio/base/result.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task_state.hpp>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

template <class T>
class GeneratorPromise;

/// What stands behind an AsyncGenerator: its frame, until that has ended, and who runs it.
class GeneratorState : public ListNode, public FramePooled {
 public:
  explicit GeneratorState(PromiseBase& frame) noexcept : frame_(&frame) {}
  GeneratorState(const GeneratorState&) = delete;
  GeneratorState& operator=(const GeneratorState&) = delete;
  ~GeneratorState() { destroy_frame(); }

  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

  /// Whether it gives no more values. Throws RuntimeError, naming `caller`, while it runs.
  [[nodiscard]] bool is_over(const char* caller) const;
  [[nodiscard]] bool closing() const noexcept { return closing_; }
  [[nodiscard]] PromiseBase& frame() const noexcept { return *frame_; }

  /// Begins to close it; false if that was all, for it has not begun.
  bool begin_close() noexcept;
  /// Runs it in the task of `parent` to its next co_yield or its end; true if it is suspended
  /// before that, and goes on in `parent` then.
  bool resume_in(PromiseBase& parent);
  /// What comes after that: true for a co_yield, false for the end. Throws its error.
  bool finish_step();
  /// Its task is being destroyed in the midst of a step: it ends too.
  void abandon() noexcept { destroy_frame(); }

  /// It has come to a co_yield.
  void yielded() noexcept;

 private:
  void destroy_frame() noexcept;

  PromiseBase* frame_;  // null when it has ended
  std::uint32_t references_ = 0;
  bool begun_ = false;
  bool running_ = false;
  bool at_yield_ = false;
  bool closing_ = false;
};

/// A step of a generator, for the task that awaits it.
class GeneratorAwaiter : public AwaiterTag {
 public:
  explicit GeneratorAwaiter(Ref<GeneratorState> generator) noexcept
      : generator_(std::move(generator)) {}
  GeneratorAwaiter(const GeneratorAwaiter&) = delete;
  GeneratorAwaiter& operator=(const GeneratorAwaiter&) = delete;

 protected:
  ~GeneratorAwaiter() {
    if (under_way_) generator_->abandon();
  }
  bool begin_step(PromiseBase& awaiting) {
    under_way_ = true;
    return generator_->resume_in(awaiting);
  }
  /// Whether a step has come to a co_yield. Throws the generator's error.
  bool finish_step() { return std::exchange(under_way_, false) && generator_->finish_step(); }

  Ref<GeneratorState> generator_;

 private:
  bool under_way_ = false;
};

template <class T>
class NextAwaiter final : public GeneratorAwaiter {
 public:
  using GeneratorAwaiter::GeneratorAwaiter;
  [[nodiscard]] bool await_ready() const { return !generator_ || generator_->is_over("next()"); }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> awaiting) {
    static_cast<GeneratorPromise<T>&>(generator_->frame()).put_value_at(&value_);
    return begin_step(awaiting.promise());
  }
  std::optional<regular_t<T>> await_resume() {
    if (finish_step()) return std::move(value_);
    return std::nullopt;
  }

 private:
  std::optional<regular_t<T>> value_;
};

class CloseAwaiter final : public GeneratorAwaiter {
 public:
  using GeneratorAwaiter::GeneratorAwaiter;
  [[nodiscard]] bool await_ready() const {
    return !generator_ || generator_->is_over("aclose()") || !generator_->begin_close();
  }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> awaiting) {
    return begin_step(awaiting.promise());
  }
  void await_resume();
};

/// What next() and aclose() return.
template <class Value, class Awaiter>
class [[nodiscard("co_await it")]] GeneratorAwaitable {
 public:
  using value_type = Value;
  explicit GeneratorAwaitable(Ref<GeneratorState> generator) noexcept
      : generator_(std::move(generator)) {}
  auto operator co_await() const { return Awaiter(generator_); }

 private:
  Ref<GeneratorState> generator_;
};

}  // namespace detail

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
  using NextAwaitable =
      detail::GeneratorAwaitable<std::optional<detail::regular_t<T>>, detail::NextAwaiter<T>>;
  using CloseAwaitable = detail::GeneratorAwaitable<void, detail::CloseAwaiter>;
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

namespace detail {

template <class T>
class GeneratorPromise final : public PromiseBase {
 public:
  explicit GeneratorPromise(std::source_location where = std::source_location::current()) noexcept
      : PromiseBase(where) {}

  AsyncGenerator<T> get_return_object() {
    static_assert(alignof(GeneratorPromise) == alignof(PromiseBase));
    Ref<GeneratorState> state(new GeneratorState(*this));
    state_ = state.get();
    return AsyncGenerator<T>(std::move(state));
  }

  struct YieldAwaiter {
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> /*generator*/) const noexcept { state.yielded(); }
    void await_resume() const {
      if (state.closing()) throw GeneratorExit();
    }
    GeneratorState& state;
  };

  template <class U = T>
    requires ReturnableAs<U, T>
  YieldAwaiter yield_value(U&& value) {
    if (!state_->closing()) {
      if constexpr (std::is_reference_v<T>) {
        place_->emplace(static_cast<T>(value));
      } else {
        place_->emplace(std::forward<U>(value));
      }
    }
    return YieldAwaiter{*state_};
  }
  static void return_void() noexcept {}
  void put_value_at(std::optional<regular_t<T>>* place) noexcept { place_ = place; }

 private:
  GeneratorState* state_ = nullptr;
  std::optional<regular_t<T>>* place_ = nullptr;  // in the awaiter of the present step
};

}  // namespace detail

}  // namespace asyncio
