#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/base/result.hpp>
#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/result_access.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>
#include <variant>

namespace asyncio {
template <class T>
class Coroutine;
}

namespace asyncio::detail {

class PromiseBase;

/// Reports a coroutine that was never awaited to the running loop's exception handler, or to
/// standard error if no loop is running.
void report_never_awaited(const PromiseBase& promise) noexcept;

/// Throws the error for awaiting a coroutine that is not valid().
[[noreturn]] void throw_already_awaited();

/// The common part of all coroutines' promises: the awaiting coroutine, the task, the current place
/// in the source, and the error.
///
/// Invariant: comes first in every promise, and no promise has a stricter alignment, so its address
///            identifies the coroutine.
class PromiseBase {
 public:
  static void* operator new(std::size_t size_bytes) { return allocate_frame(size_bytes); }
  static void operator delete(void* frame, std::size_t size_bytes) noexcept {
    free_frame(frame, size_bytes);
  }

  struct FinalAwaiter {
    static bool await_ready() noexcept { return false; }
    template <class Promise>
    static void await_suspend(std::coroutine_handle<Promise> ended) noexcept {
      // Without a parent, this is a task's root, or a child that ends inside its parent's
      // await_suspend(), which checks for that. With a parent, the step continues there. The parent
      // is resumed by the task, not from here, so that calls do not nest in any build mode.
      ended.promise().go_on_in_parent();
    }
    static void await_resume() noexcept {}
  };

  static std::suspend_always initial_suspend() noexcept { return {}; }
  static FinalAwaiter final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { error_ = std::current_exception(); }

  template <class Awaitable>
  auto await_transform(Awaitable&& awaitable,
                       std::source_location where = std::source_location::current()) {
    where_ = where;
    static_assert(
        requires { std::forward<Awaitable>(awaitable).operator co_await(); },
        "co_await needs a Task, a Future, a Coroutine that it may use up (if it has a name, "
        "std::move() it) or another awaitable of asyncio");
    using Awaiter = decltype(std::forward<Awaitable>(awaitable).operator co_await());
    static_assert(std::is_base_of_v<AwaiterTag, Awaiter>,
                  "an awaitable of another library: bridge it with a Future");
    return std::forward<Awaitable>(awaitable).operator co_await();
  }

  [[nodiscard]] std::coroutine_handle<> handle() noexcept {
    return std::coroutine_handle<PromiseBase>::from_promise(*this);
  }
  [[nodiscard]] TaskBase* task() const noexcept { return task_; }
  [[nodiscard]] PromiseBase* parent() const noexcept { return parent_; }
  /// Returns the place of the current co_await, or of the function before the first one.
  [[nodiscard]] const std::source_location& where() const noexcept { return where_; }
  void run_on(TaskBase& task) noexcept { task_ = &task; }
  void set_parent(PromiseBase& parent) noexcept { parent_ = &parent; }
  /// Makes the step continue in the parent, if there is one. Has no effect the second time.
  void go_on_in_parent() noexcept {
    if (PromiseBase* const parent = std::exchange(parent_, nullptr)) task_->go_on_in(*parent);
  }
  [[nodiscard]] bool failed() const noexcept { return static_cast<bool>(error_); }
  [[nodiscard]] std::exception_ptr take_error() noexcept { return std::move(error_); }

 protected:
  explicit PromiseBase(std::source_location where) noexcept : where_(where) {}

 private:
  PromiseBase* parent_ = nullptr;  // resumed at the end
  TaskBase* task_ = nullptr;       // set at the start
  std::exception_ptr error_;
  std::source_location where_;
};

/// A constraint on `co_return` of a U in a Coroutine<T>: U converts to T implicitly. If T is a
/// reference, U must also be an lvalue, because that outlives the statement.
template <class U, class T>
concept ReturnableAs =
    std::is_convertible_v<U&&, T> &&
    (!std::is_reference_v<T> ||
     (std::is_lvalue_reference_v<U> &&
      std::is_convertible_v<std::remove_reference_t<U>*, std::remove_reference_t<T>*>));

/// The promise of a Coroutine<T>. It constructs the result where the awaiter or the task wants it,
/// so that the result is moved only once.
template <class T>
class Promise final : public PromiseBase {
 public:
  // The default argument gives the place of the coroutine.
  explicit Promise(std::source_location where = std::source_location::current()) noexcept
      : PromiseBase(where) {}
  Coroutine<T> get_return_object() noexcept;
  template <class U = T>
    requires ReturnableAs<U, T>
  void return_value(U&& value) {
    if constexpr (std::is_reference_v<T>) {
      *slot_ = &static_cast<T>(value);
    } else {
      std::construct_at(slot_, std::forward<U>(value));
    }
  }
  void set_result_slot(stored_t<T>* slot) noexcept { slot_ = slot; }

 private:
  stored_t<T>* slot_ = nullptr;
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  explicit Promise(std::source_location where = std::source_location::current()) noexcept
      : PromiseBase(where) {}
  Coroutine<void> get_return_object() noexcept;
  static void return_void() noexcept {}
  static void set_result_slot(std::monostate* /*slot*/) noexcept {}
};

/// An owner of a coroutine that has not begun, is suspended, or has ended.
template <class T>
class FrameOwner {
 public:
  FrameOwner() noexcept = default;
  explicit FrameOwner(Promise<T>& promise) noexcept : promise_(&promise) {}
  FrameOwner(FrameOwner&& other) noexcept : promise_(other.release()) {}
  FrameOwner& operator=(FrameOwner&& other) noexcept {
    if (this != &other) {
      destroy();
      promise_ = other.release();
    }
    return *this;
  }
  ~FrameOwner() { destroy(); }

  void destroy() noexcept {
    if (Promise<T>* promise = release()) handle_of(*promise).destroy();
  }
  [[nodiscard]] Promise<T>* release() noexcept { return std::exchange(promise_, nullptr); }
  [[nodiscard]] Promise<T>* promise() const noexcept { return promise_; }
  [[nodiscard]] static std::coroutine_handle<Promise<T>> handle_of(Promise<T>& promise) noexcept {
    return std::coroutine_handle<Promise<T>>::from_promise(promise);
  }

 private:
  Promise<T>* promise_ = nullptr;
};

/// An awaiter that starts a coroutine at once, inside the task of the awaiting one.
template <class T>
class CoroutineAwaiter : public AwaiterTag {
 public:
  explicit CoroutineAwaiter(FrameOwner<T>&& child) noexcept : child_(std::move(child)) {}
  CoroutineAwaiter(const CoroutineAwaiter&) = delete;
  CoroutineAwaiter& operator=(const CoroutineAwaiter&) = delete;
  ~CoroutineAwaiter() {
    if constexpr (!std::is_trivially_destructible_v<stored_t<T>>) {
      if (has_value_) std::destroy_at(&value_);
    }
  }

  static bool await_ready() noexcept { return false; }

  template <class Parent>
  bool await_suspend(std::coroutine_handle<Parent> parent) {
    Promise<T>& child = *child_.promise();
    child.run_on(*parent.promise().task());
    child.set_result_slot(&value_);
    const auto handle = FrameOwner<T>::handle_of(child);
    handle.resume();
    if (handle.done()) return false;
    child.set_parent(parent.promise());
    return true;
  }

  T await_resume() {
    if (child_.promise()->failed()) [[unlikely]]
      rethrow_error();
    has_value_ = true;
    child_.destroy();  // destroys the child's parameters before the parent continues
    return unwrap<T>(std::move(value_));
  }
  /// Returns the result or the error as a value; used instead of await_resume().
  Result<T> outcome() {
    std::exception_ptr error = child_.promise()->take_error();
    has_value_ = !error;
    child_.destroy();
    if (error) return Result<T>::failed(std::move(error));
    return make_result<T>(std::move(value_));
  }

 private:
  [[noreturn]] void rethrow_error() {
    std::exception_ptr error = child_.promise()->take_error();
    child_.destroy();
    std::rethrow_exception(std::move(error));
  }

  FrameOwner<T> child_;
  union {
    stored_t<T> value_;
  };
  bool has_value_ = false;
};

}  // namespace asyncio::detail
