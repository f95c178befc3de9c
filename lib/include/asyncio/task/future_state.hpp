#pragma once

#include <asyncio/base/context.hpp>
#include <asyncio/base/error.hpp>
#include <asyncio/base/frame_pool.hpp>
#include <asyncio/base/intrusive.hpp>
#include <asyncio/base/observer.hpp>
#include <asyncio/base/result.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <cstdint>
#include <exception>
#include <memory>
#include <source_location>
#include <string>
#include <utility>

// What stands behind the handles of future.hpp and task.hpp. Users need not read it.

namespace asyncio::detail {

class TaskBase;
class UserCallback;

/// What a suspended task can wait for.
class Wait : public Awaited {
 public:
  Wait() = default;
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  /// Asks it to end at once. True: the task will be woken and see CancelledError, `reason` if
  /// that is not empty. False: it has ended already, and the wake-up is on its way.
  virtual bool cancel(const std::exception_ptr& reason) = 0;

  /// The task is being destroyed while it waits: do not wake it.
  virtual void forget(TaskBase& task) noexcept = 0;

 protected:
  ~Wait() = default;
};

/// The shared state of a future without its value: pending, then done for ever in one of three
/// ways. A task is one too.
///
/// Whoever stands in its list enters the ready queue, in order, when it is done. Tasks and the
/// library's own entries hold a reference to the future themselves; a user's callback is held
/// by the future, and holds the future only from its end on, so that the two do not keep each
/// other alive.
class FutureBase : public Wait, public FramePooled {
 public:
  enum class State : std::uint8_t { pending, cancelled, failed, has_value };

  /// `where` it was made, for reports.
  explicit FutureBase(EventLoop& loop, std::source_location where, bool is_task = false) noexcept
      : where_(where), anchor_(loop.anchor()), is_task_(is_task) {}
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
  /// Null when the loop has been destroyed.
  [[nodiscard]] EventLoop* loop() const noexcept { return anchor_->loop(); }

  bool cancel(const std::exception_ptr& reason) override;
  void forget(TaskBase& task) noexcept override;
  [[nodiscard]] Kind kind() const noexcept override { return is_task_ ? Kind::task : Kind::future; }
  [[nodiscard]] std::string describe() const override;

  /// Throws what awaiting this throws, if it has no value, and counts that as retrieved.
  ///
  /// Throws:   InvalidStateError while pending; the error; CancelledError.
  void require_value() {
    if (state_ != State::has_value) throw_error();
  }
  /// The error; empty for a value. Counts as retrieved.
  ///
  /// Throws:   InvalidStateError while pending; CancelledError when cancelled.
  std::exception_ptr exception();
  /// The error, which for a cancelled one is a CancelledError; empty for a value. Counts as
  /// retrieved. REQUIRES: done().
  std::exception_ptr error_or_cancel();

  /// The error as it is, without counting as retrieved.
  [[nodiscard]] const std::exception_ptr& peek_error() const noexcept { return error_; }

  /// Throws:   InvalidStateError when done; RuntimeError for a task.
  void check_settable() const;

  /// Schedules `entry` for when this is done, or now if it is. The entry's owner keeps this
  /// alive until then.
  void add_callback(Runnable& entry) noexcept;
  /// The same for a user's callback, which this keeps alive.
  void add_callback(UserCallback& callback) noexcept;
  /// Takes `entry` out; false if it is not waiting here (any more). Linear.
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

  /// From here on an error that nobody retrieves is not reported.
  void mark_retrieved() noexcept { unretrieved_ = false; }

 protected:
  /// Forgets everybody who waits; for a future that will never be done.
  void discard_callbacks() noexcept;

  [[nodiscard]] bool unretrieved() const noexcept { return unretrieved_; }
  /// Tells the loop's exception handler of an error that nobody has asked for.
  void report_unretrieved() noexcept;

  // Pending: a task's CancelledError with a message, waiting to be delivered. Done: the error,
  // or a CancelledError that has a message or was thrown by a task's body; else empty.
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
  RunList callbacks_;                 // empty when done
  std::uint32_t user_callbacks_ = 0;  // how many of them are UserCallbacks
  // What a task's step needs comes last, close to what it needs of TaskBase.
  std::uint32_t references_ = 0;
  Ref<LoopAnchor> anchor_;
  State state_ = State::pending;
  bool is_task_;
  bool unretrieved_ = false;
};

/// Room for a value next to a future's or a task's state, which says whether it is there.
template <class Base, class T>
class WithValue : public Base {
 public:
  // Not inherited constructors: the union would delete those for most T.
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
  /// Where the value is, or will be made.
  [[nodiscard]] stored_t<T>* place() noexcept { return &value_; }

 private:
  union {
    stored_t<T> value_;
  };
};

template <class T>
using FutureState = WithValue<FutureBase, T>;

/// A future that waits for others, and is held by their callbacks. If its loop closes first,
/// that ring is broken here.
class Composite : public ListNode {
 public:
  /// Lets go of the others. May end this object.
  virtual void break_up() noexcept = 0;

 protected:
  ~Composite() = default;
  void register_with(EventLoop& loop) noexcept;
};

/// A callback that a user added to a future. It is called in a copy of the context in which it
/// was added.
class UserCallback : public Runnable, public FramePooled {
 public:
  explicit UserCallback(FutureBase& future) : future_(&future), context_(copy_current_context()) {}
  virtual ~UserCallback() = default;

  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

  void run() noexcept final;
  void discard() noexcept final;

 private:
  virtual void call(const Ref<FutureBase>& future) = 0;

  std::uint32_t references_ = 0;
  FutureBase* future_;  // alive, because it holds this, or because this holds it once done
  Ref<ContextState> context_;
};

template <class F>
class UserCallbackOf final : public UserCallback {
 public:
  UserCallbackOf(FutureBase& future, F&& function)
      : UserCallback(future), function_(std::move(function)) {}

 private:
  void call(const Ref<FutureBase>& future) override { function_(future); }
  F function_;
};

/// Throws what a call on an empty handle throws.
[[noreturn]] void throw_no_future();

/// Builds "gather() of Task-2, Task-3" from those of several futures that are not done.
class WaitText {
 public:
  explicit WaitText(const char* what) : text_(what) {}
  void add(const FutureBase& future);
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  bool first_ = true;
};

/// A CancelledError with `message`; empty without one, so that a plain cancel allocates nothing.
[[nodiscard]] std::exception_ptr cancel_reason(const std::string& message);

}  // namespace asyncio::detail
