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

/// The shared state of a future without its value: pending, then done for ever in one of three
/// ways. A task is one too.
///
/// Its callbacks enter the ready queue, in order, when it is done. Tasks and DoneLinks hold a share
/// of the future themselves. A user's callback is held by the future, and holds the future only
/// from its end on, so that neither keeps the other alive.
class FutureBase : public Wait, public FramePooled {
 public:
  enum class State : std::uint8_t { pending, cancelled, failed, has_value };

  /// Reports name `where` as its place of creation.
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

  /// Throws what awaiting this future throws, if it has no value. Counts as retrieved.
  ///
  /// Throws:   InvalidStateError while pending; the error; CancelledError.
  void require_value() {
    if (state_ != State::has_value) throw_error();
  }
  /// Returns the error; empty for a value. Counts as retrieved.
  ///
  /// Throws:   InvalidStateError while pending; CancelledError when cancelled.
  std::exception_ptr exception();
  /// Returns the error, a CancelledError if it was cancelled; empty for a value. Counts as
  /// retrieved.
  ///
  /// REQUIRES: done().
  std::exception_ptr error_or_cancel();

  /// Returns the error as it is. Does not count as retrieved.
  [[nodiscard]] const std::exception_ptr& peek_error() const noexcept { return error_; }

  /// Throws:   InvalidStateError when done; RuntimeError for a task.
  void check_settable() const;

  /// Queues `entry` when this future is done, or now if it is. The entry's owner keeps the future
  /// alive until then.
  void add_callback(Runnable& entry) noexcept;
  /// Queues a user's callback when this future is done, and keeps it alive until then.
  void add_callback(UserCallback& callback) noexcept;
  /// Removes `entry`; returns false if it does not wait here (any more). Linear.
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
    if (error_) error_ = nullptr;  // a task's cancel that was taken back
    if (!callbacks_.empty()) schedule_callbacks();
  }

  /// From now on an error that is never retrieved is not reported.
  void mark_retrieved() noexcept { unretrieved_ = false; }

 protected:
  /// Drops all callbacks; for a future that will never be done.
  void discard_callbacks() noexcept;

  [[nodiscard]] bool unretrieved() const noexcept { return unretrieved_; }
  /// Reports an error that was never retrieved to the loop's exception handler.
  void report_unretrieved() noexcept;

  // While pending: a task's CancelledError with a message, waiting to be delivered. Done: the
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
  std::uint32_t user_callbacks_ = 0;  // the UserCallbacks among them
  // What a task's step needs comes last, close to what it needs of TaskBase.
  std::uint32_t references_ = 0;
  Ref<WeakLoopRef> loop_ref_;
  State state_ = State::pending;
  bool is_task_;
  bool unretrieved_ = false;

 protected:
  std::uint8_t task_flags_ = 0;  // a task's; here, where it takes no room of its own
};

/// A future's or a task's state with room for the value, which is there if the state says so.
template <class Base, class T>
class WithValue : public Base {
 public:
  // No inherited constructors: the union would delete those for most T.
  template <class... Args>
  explicit WithValue(EventLoop& loop, std::source_location where, Args&&... args)
      : Base(loop, where, std::forward<Args>(args)...) {}
  ~WithValue() override {
    if (this->state() == FutureBase::State::has_value) std::destroy_at(&value_);
  }

  /// REQUIRES: pending.
  template <class... Args>
  void set_value(Args&&... args) {
    std::construct_at(&value_, std::forward<Args>(args)...);
    this->finish_with_value();
  }
  /// Returns where the value is, or will be made.
  [[nodiscard]] stored_t<T>* slot() noexcept { return &value_; }

 private:
  union {
    stored_t<T> value_;
  };
};

template <class T>
using FutureState = WithValue<FutureBase, T>;

/// Returns a CancelledError with `message`; null without one, so that a plain cancel allocates
/// nothing.
[[nodiscard]] std::exception_ptr cancel_reason(const std::string& message);

/// Throws the error of a call on an empty handle.
[[noreturn]] void throw_no_future();

}  // namespace asyncio::detail
