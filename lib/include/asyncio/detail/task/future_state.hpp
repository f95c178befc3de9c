#pragma once

#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/detail/loop/weak_loop_ref.hpp>
#include <asyncio/detail/task/wait.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <cstdint>
#include <exception>
#include <memory>
#include <source_location>
#include <string>
#include <utility>

namespace asyncio::detail {

class TaskBase;
class UserCallback;

/// The shared state of a future without its value. It is pending, and then done for good in one of
/// three ways. A task's state is derived from it.
///
/// When the future is done, its callbacks enter the ready queue in order. Tasks and DoneLinks hold
/// a reference to the future themselves. A user's callback is held by the future. It holds the
/// future in turn only when the future is done, so that there is no reference cycle.
class FutureBase : public Wait, public FramePooled {
 public:
  enum class State : std::uint8_t { pending, cancelled, failed, has_value };

  /// Creates a pending future. Reports give `where` as the place of its creation.
  explicit FutureBase(EventLoop& loop, std::source_location where, bool is_task = false) noexcept
      : where_(where), loop_ref_(loop.core().weak_ref()), is_task_(is_task) {}
  virtual ~FutureBase() {
    if (!callbacks_.empty()) discard_callbacks();
    if (unretrieved_) report_unretrieved();
  }

  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }
  [[nodiscard]] bool has_one_owner() const noexcept { return references_ == 1; }

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool done() const noexcept { return state_ != State::pending; }
  [[nodiscard]] bool is_task() const noexcept { return is_task_; }
  [[nodiscard]] const std::source_location& where() const noexcept { return where_; }
  [[nodiscard]] std::uint32_t user_callbacks() const noexcept { return user_callbacks_; }
  /// Returns the loop, or null after its destruction.
  [[nodiscard]] EventLoop* loop() const noexcept { return loop_ref_->loop(); }

  bool cancel(const std::exception_ptr& reason) override;
  void forget(TaskBase& task) noexcept override;
  [[nodiscard]] Kind kind() const noexcept override { return is_task_ ? Kind::task : Kind::future; }
  [[nodiscard]] std::uintptr_t identity() const noexcept override {
    return reinterpret_cast<std::uintptr_t>(this);
  }
  [[nodiscard]] std::string describe() const override;

  /// Checks that the future has a value. If not, throws what an await throws; the error then counts
  /// as retrieved.
  ///
  /// Throws:   InvalidStateError while pending; the error; CancelledError.
  void require_value() {
    if (state_ != State::has_value) throw_error();
  }
  /// Returns the error, or null if there is a value. The error then counts as retrieved.
  ///
  /// Throws:   InvalidStateError while pending; CancelledError if cancelled.
  std::exception_ptr exception();
  /// Returns the error, a CancelledError if the future was cancelled, or null if there is a value.
  /// The error then counts as retrieved.
  ///
  /// REQUIRES: done().
  std::exception_ptr error_or_cancel();

  /// Returns the stored error. It does not count as retrieved.
  [[nodiscard]] const std::exception_ptr& peek_error() const noexcept { return error_; }

  /// Checks that a result can be set.
  ///
  /// Throws:   InvalidStateError if the future is done; RuntimeError for a task.
  void check_settable() const;

  /// Queues `entry` when this future is done, or now if it is done already. The owner of `entry`
  /// keeps the future alive until then.
  void add_callback(Runnable& entry) noexcept;
  /// Queues a user's callback when this future is done, and keeps the callback alive until then.
  void add_callback(UserCallback& callback) noexcept;
  /// Removes `entry`. Returns false if it is not in the list. Linear in the number of callbacks.
  bool remove_callback(Runnable& entry) noexcept { return callbacks_.remove(entry); }
  bool remove_callback(UserCallback& callback) noexcept;

  void finish_cancelled(std::exception_ptr reason) noexcept {
    finish(State::cancelled, std::move(reason));
  }
  void finish_failed(std::exception_ptr error) noexcept {
    unretrieved_ = true;
    finish(State::failed, std::move(error));
  }
  void finish_with_value() noexcept {
    state_ = State::has_value;
    if (error_) error_ = nullptr;  // a cancel of the task, taken back by uncancel()
    if (!callbacks_.empty()) schedule_callbacks();
  }

  /// Marks the error as retrieved, so that it is not reported.
  void mark_retrieved() noexcept { unretrieved_ = false; }

 protected:
  /// Drops all callbacks, because the future will never be done.
  void discard_callbacks() noexcept;

  [[nodiscard]] bool unretrieved() const noexcept { return unretrieved_; }
  /// Reports the error to the loop's exception handler if it was never retrieved.
  void report_unretrieved() noexcept;

  // While pending: a CancelledError with a message that a task still has to throw. Once done: the
  // error, or a CancelledError that has a message or was thrown by a task's body; else empty.
  std::exception_ptr error_;

 private:
  [[noreturn]] void throw_error();
  void finish(State state, std::exception_ptr error) noexcept {
    state_ = state;
    error_ = std::move(error);
    if (!callbacks_.empty()) schedule_callbacks();
  }
  void schedule_callbacks() noexcept;

  std::source_location where_;
  CallbackList callbacks_;            // empty when done
  std::uint32_t user_callbacks_ = 0;  // the number of UserCallbacks among them
  // The members that a task's step uses come last, close to those of TaskBase.
  std::uint32_t references_ = 0;
  Ref<WeakLoopRef> loop_ref_;
  State state_ = State::pending;
  bool is_task_;
  bool unretrieved_ = false;

 protected:
  std::uint8_t task_flags_ = 0;  // a task's flags; stored here, where they need no extra space
};

/// The state of a future or task with room for a value. It holds one if state() is has_value.
template <class Base, class T>
class WithValue : public Base {
 public:
  // Written out, because the union would delete inherited constructors for most T.
  template <class... Args>
  explicit WithValue(EventLoop& loop, std::source_location where, Args&&... args)
      : Base(loop, where, std::forward<Args>(args)...) {}
  ~WithValue() override {
    if (this->state() == FutureBase::State::has_value) std::destroy_at(&value_);
  }

  /// Sets the value, so that the future is done.
  ///
  /// REQUIRES: pending.
  template <class... Args>
  void set_value(Args&&... args) {
    std::construct_at(&value_, std::forward<Args>(args)...);
    this->finish_with_value();
  }
  /// Returns the place of the value, even before it exists.
  [[nodiscard]] stored_t<T>* slot() noexcept { return &value_; }

 private:
  union {
    stored_t<T> value_;
  };
};

template <class T>
using FutureState = WithValue<FutureBase, T>;

/// Returns a CancelledError with `message`, or null if `message` is empty, so that a plain cancel
/// allocates nothing.
[[nodiscard]] std::exception_ptr cancel_reason(const std::string& message);

/// Throws the error of a call on an empty handle.
[[noreturn]] void throw_no_future();

}  // namespace asyncio::detail
