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

/// The shared state of an AsyncGenerator: its frame, until that ends, and the progress of its
/// current step.
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

  /// Returns whether the generator returns no more values.
  ///
  /// Throws:   RuntimeError naming `caller` if the generator is running.
  [[nodiscard]] bool is_over(const char* caller) const;
  [[nodiscard]] bool closing() const noexcept { return closing_; }
  [[nodiscard]] PromiseBase& frame() const noexcept { return *frame_; }

  /// Begins to close the generator. Returns false if the generator had not begun and is therefore
  /// closed already.
  bool begin_close() noexcept;
  /// Runs the generator in the task of `parent` to its next co_yield or its end. Returns true if it
  /// suspends before that; `parent` then continues when the co_yield or the end is reached.
  bool resume_in(PromiseBase& parent);
  /// Finishes a step that has run. Returns true at a co_yield and false at the generator's end.
  ///
  /// Throws:   the generator's error.
  bool finish_step();
  /// Destroys the frame, because the task is being destroyed in the middle of a step.
  void abandon() noexcept { destroy_frame(); }

  /// Records that the step has reached a co_yield, and makes the awaiting coroutine continue.
  void yielded() noexcept;

 private:
  void destroy_frame() noexcept;

  PromiseBase* frame_;  // null once it has ended
  std::uint32_t references_ = 0;
  bool begun_ = false;
  bool running_ = false;
  bool at_yield_ = false;
  bool closing_ = false;
};

/// An awaiter of one step of a generator.
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
  /// Finishes the step, if one has begun. Returns whether it has reached a co_yield.
  ///
  /// Throws:   the generator's error.
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
        slot_->emplace(static_cast<T>(value));
      } else {
        slot_->emplace(std::forward<U>(value));
      }
    }
    return YieldAwaiter{*state_};
  }
  static void return_void() noexcept {}
  void set_value_slot(std::optional<regular_t<T>>* slot) noexcept { slot_ = slot; }

 private:
  GeneratorState* state_ = nullptr;
  std::optional<regular_t<T>>* slot_ = nullptr;  // in the awaiter of the current step
};

template <class T>
class NextAwaiter final : public GeneratorAwaiter {
 public:
  using GeneratorAwaiter::GeneratorAwaiter;
  [[nodiscard]] bool await_ready() const { return !generator_ || generator_->is_over("next()"); }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> awaiting) {
    static_cast<GeneratorPromise<T>&>(generator_->frame()).set_value_slot(&value_);
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
