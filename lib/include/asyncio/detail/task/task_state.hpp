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

/// The reasons why an await cannot work. As in CPython, the awaiting task gets the error one turn
/// later.
enum class AwaitMisuse : std::uint8_t { none, awaits_itself, other_loop };

[[noreturn]] void throw_await_misuse(AwaitMisuse misuse, const TaskBase& task);

/// Destroys all tasks of a closing loop that are not done, and breaks up its aggregates.
void destroy_pending_tasks(EventLoop& loop) noexcept;

/// A task without its value: a coroutine that a loop runs step by step.
///
/// Until its end, a task is in exactly one of four places: in its step, in the ready queue, in the
/// callback list of the future it awaits, or held by another Wait. So one link is enough, and
/// waking a task allocates nothing.
///
/// The loop holds a reference to every task that is not done.
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
  /// Returns the coroutines, outermost first; none once the frames have been destroyed.
  [[nodiscard]] std::vector<CallSite> stack() const;
  /// Writes stack() to `out`, one coroutine per line.
  void print_stack(std::ostream& out) const;
  /// Describes the current place and wait: " in work() at app.cpp:7 waits for Task-3".
  [[nodiscard]] std::string describe_progress() const;
  [[nodiscard]] std::string describe() const override { return name(); }
  [[nodiscard]] std::string describe_step() const override;

  // --- For awaiters, on the task whose step is running ---

  /// Suspends the task in `leaf` until `wait` wakes it.
  void wait_for(Wait& wait, PromiseBase& leaf) {
    leaf_ = &leaf;
    waiting_on_ = &wait;
    if (has(kMustCancel)) [[unlikely]]
      cancel_wait(wait);
  }
  /// Suspends the task in `leaf` until `future` is done.
  AwaitMisuse wait_for_future(FutureBase& future, PromiseBase& leaf);
  /// Suspends the task in `leaf` until the next turn.
  void yield(PromiseBase& leaf) noexcept {
    leaf_ = &leaf;
    wake();
  }
  /// Makes this step continue in `parent`, whose child has just ended.
  void go_on_in(PromiseBase& parent) noexcept {
    leaf_ = &parent;
    set(kGoesOn);
  }
  /// Throws CancelledError if the current step delivers one. Must be called first in
  /// await_resume().
  void check_cancelled() {
    if (has(kCancelNow)) [[unlikely]]
      throw_cancelled();
  }

  // --- For waits ---

  /// Returns whether the next step will throw CancelledError.
  [[nodiscard]] bool cancel_is_due() const noexcept {
    return (task_flags_ & (kMustCancel | kCancelNow)) != 0;
  }

  /// Schedules the next step.
  void wake() noexcept { core_.schedule(*this); }
  /// Schedules a step that throws CancelledError.
  void wake_cancelled(const std::exception_ptr& reason) noexcept;

  /// Runs one step.
  void run() noexcept override;

  /// Identifies this task for an Observer.
  [[nodiscard]] TaskId id() const noexcept { return TaskId{identity()}; }
  [[nodiscard]] LoopCore& core() const noexcept { return core_; }
  void discard() noexcept override {}

 private:
  friend void destroy_pending_tasks(EventLoop& loop) noexcept;
  friend class CancelPath;
  // Flags in task_flags_, so that a step can test several at once.
  static constexpr std::uint8_t kStarted = 1;
  static constexpr std::uint8_t kGoesOn = 2;
  // A cancel has been requested and not been passed on yet; uncancel() clears this flag.
  static constexpr std::uint8_t kMustCancel = 4;
  // The next or current step throws CancelledError; uncancel() does not clear this flag.
  static constexpr std::uint8_t kCancelNow = 8;
  static constexpr std::uint8_t kBeingCancelled = 16;  // a cancel() is passing through this task
  static constexpr std::uint8_t kNamed = 32;           // name_ is set instead of number_
  [[nodiscard]] bool has(std::uint8_t flag) const noexcept { return (task_flags_ & flag) != 0; }
  void set(std::uint8_t flag) noexcept { task_flags_ |= flag; }
  void clear(std::uint8_t flag) noexcept { task_flags_ &= static_cast<std::uint8_t>(~flag); }

  void step(TaskRegistry& registry) noexcept;
  void observed_step(Observer& observer) noexcept;
  bool begins_cancelled() noexcept;
  void cancel_wait(Wait& wait);
  virtual void destroy_value() noexcept = 0;
  [[noreturn]] void throw_cancelled();
  void end_without_value(TaskRegistry& registry, TaskBase* outer, bool never_began) noexcept;
  void destroy_frames() noexcept;
  void end_unfinished() noexcept;

  PromiseBase* leaf_;  // the coroutine that the next or current step resumes
  PromiseBase* root_;
  LoopCore& core_;              // valid while the task is not done and the loop is open
  Wait* waiting_on_ = nullptr;  // from the suspension to the next step
  Ref<ContextState> context_;   // null if it is empty
  union {
    std::uint32_t number_;  // of "Task-<n>"
    std::string* name_;     // owned; if kNamed
  };
  std::uint32_t cancel_requests_ = 0;
};

/// The state of a task with room for the value of its coroutine.
template <class T>
class TaskState final : public WithValue<TaskBase, T> {
  using WithValue<TaskBase, T>::WithValue;
  void destroy_value() noexcept override { std::destroy_at(this->slot()); }
};

}  // namespace asyncio::detail
