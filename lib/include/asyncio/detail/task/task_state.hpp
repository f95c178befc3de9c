#pragma once

#include <asyncio/base/call_site.hpp>
#include <asyncio/base/context.hpp>
#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <asyncio/detail/task/wait.hpp>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace asyncio::detail {

class CancelPath;
class PromiseBase;

/// The reason why an await cannot work. The awaiting task gets the error one turn later, as in
/// CPython.
enum class AwaitMisuse : std::uint8_t { none, awaits_itself, other_loop };

[[noreturn]] void throw_await_misuse(AwaitMisuse misuse, const TaskBase& task);

/// Ends every task and breaks up every aggregate of a loop that closes.
void destroy_pending_tasks(EventLoop& loop) noexcept;

/// A task without its value: a coroutine that a loop runs step by step.
///
/// Until its end a task is in exactly one of four places: in its step, in the ready queue, in the
/// callback list of the future it awaits, or held by another Wait. So one link is enough, and
/// waking it allocates nothing.
///
/// The loop owns a share of every task that is not done.
class TaskBase : public FutureBase, public ListNode, public Runnable {
 public:
  /// Takes over the frame of `root`. Nothing runs before start().
  TaskBase(EventLoop& loop, std::source_location where, PromiseBase& root,
           Ref<ContextState> context) noexcept;
  ~TaskBase() override {
    if (root_ != nullptr || unretrieved()) end_unfinished();
    if (has(kNamed)) delete name_;
  }

  enum class Start : std::uint8_t { next_turn, eager };
  void start(Start how);

  // --- For the handles ---
  bool cancel(const std::exception_ptr& reason) override;
  [[nodiscard]] std::uint32_t cancelling() const noexcept { return cancel_requests_; }
  std::uint32_t uncancel() noexcept;
  [[nodiscard]] std::string name() const;
  void set_name(std::string name);
  [[nodiscard]] Context context();
  /// Outermost first; empty once its frames have ended.
  [[nodiscard]] std::vector<CallSite> stack() const;
  /// Writes stack(), a line each.
  void print_stack(std::ostream& out) const;
  /// Describes where it is and what it waits for: " in work() at app.cpp:7 waits for Task-3".
  [[nodiscard]] std::string describe_progress() const;
  [[nodiscard]] std::string describe() const override { return name(); }
  [[nodiscard]] std::string describe_step() const override;

  // --- For awaiters, on the task whose step is running ---

  /// Suspends in `leaf` until `wait` wakes the task.
  void wait_for(Wait& wait, PromiseBase& leaf) {
    leaf_ = &leaf;
    waiting_on_ = &wait;
    if (has(kMustCancel)) [[unlikely]]
      cancel_wait(wait);
  }
  /// Suspends in `leaf` until `future` is done.
  AwaitMisuse wait_for_future(FutureBase& future, PromiseBase& leaf);
  /// Suspends in `leaf` until the next turn.
  void yield(PromiseBase& leaf) noexcept {
    leaf_ = &leaf;
    wake();
  }
  /// Lets this step go on in `parent`, whose child has just ended.
  void go_on_in(PromiseBase& parent) noexcept {
    leaf_ = &parent;
    set(kGoesOn);
  }
  /// Throws CancelledError if the present step delivers one; comes first in await_resume().
  void check_cancelled() {
    if (has(kCancelNow)) [[unlikely]]
      throw_cancelled();
  }

  // --- For waits ---

  /// Whether the next step will throw CancelledError.
  [[nodiscard]] bool cancel_is_due() const noexcept {
    return (task_flags_ & (kMustCancel | kCancelNow)) != 0;
  }

  /// Schedules the next step.
  void wake() noexcept { core_.schedule(*this); }
  /// Schedules a step that throws CancelledError.
  void wake_cancelled(const std::exception_ptr& reason) noexcept;

  /// One step.
  void run() noexcept override;

  /// Identifies this task for an Observer.
  [[nodiscard]] TaskId id() const noexcept { return TaskId{identity()}; }
  [[nodiscard]] LoopCore& core() const noexcept { return core_; }
  void discard() noexcept override {}

 private:
  friend void destroy_pending_tasks(EventLoop& loop) noexcept;
  friend class CancelPath;
  // Flags, in task_flags_, so that a step asks for several at once.
  static constexpr std::uint8_t kStarted = 1;
  static constexpr std::uint8_t kGoesOn = 2;
  // A cancel was requested and has not been passed on yet; uncancel() clears it.
  static constexpr std::uint8_t kMustCancel = 4;
  // The next step, or this one, throws it; uncancel() does not clear it.
  static constexpr std::uint8_t kCancelNow = 8;
  static constexpr std::uint8_t kBeingCancelled = 16;  // a cancel() is passing through this task
  static constexpr std::uint8_t kNamed = 32;           // name_ is set in place of number_
  [[nodiscard]] bool has(std::uint8_t flag) const noexcept { return (task_flags_ & flag) != 0; }
  void set(std::uint8_t flag) noexcept { task_flags_ |= flag; }
  void clear(std::uint8_t flag) noexcept { task_flags_ &= static_cast<std::uint8_t>(~flag); }

  void step(TaskRegistry& roster) noexcept;
  void observed_step(Observer& observer) noexcept;
  bool begins_cancelled() noexcept;
  void cancel_wait(Wait& wait);
  virtual void destroy_value() noexcept = 0;
  [[noreturn]] void throw_cancelled();
  void end_without_value(TaskRegistry& roster, TaskBase* outer, bool never_began) noexcept;
  void destroy_frames() noexcept;
  void end_unfinished() noexcept;

  PromiseBase* leaf_;  // the coroutine that the next step, or this one, resumes
  PromiseBase* root_;
  LoopCore& core_;              // valid while the task is not done and the loop is open
  Wait* waiting_on_ = nullptr;  // from the suspension to the next step
  Ref<ContextState> context_;   // null while it is empty
  union {
    std::uint32_t number_;  // of "Task-<n>"
    std::string* name_;     // owned; with kNamed
  };
  std::uint32_t cancel_requests_ = 0;
};

/// A task's state with room for the value of its coroutine.
template <class T>
class TaskState final : public WithValue<TaskBase, T> {
  using WithValue<TaskBase, T>::WithValue;
  void destroy_value() noexcept override { std::destroy_at(this->slot()); }
};

}  // namespace asyncio::detail
