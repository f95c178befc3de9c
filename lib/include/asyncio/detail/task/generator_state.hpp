#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/promise.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <coroutine>
#include <cstdint>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

namespace asyncio {
template <class T>
class AsyncGenerator;
}

namespace asyncio::detail {

/// The shared state of an AsyncGenerator: its frame, until that has ended, and the progress of its
/// present step.
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
class GeneratorPromise final : public PromiseBase {
 public:
  explicit GeneratorPromise(std::source_location where = std::source_location::current()) noexcept
      : PromiseBase(where) {}

  AsyncGenerator<T> get_return_object();  // in task/generator.hpp

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

template <class T>
using NextAwaitable = Awaitable<NextAwaiter<T>, Ref<GeneratorState>>;
using CloseAwaitable = Awaitable<CloseAwaiter, Ref<GeneratorState>>;

}  // namespace asyncio::detail
