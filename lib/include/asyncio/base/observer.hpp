#pragma once

#include <asyncio/base/time.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace asyncio {

/// Identifies a task. Unique among live tasks; may be reused after a task ends.
enum class TaskId : std::uintptr_t {};

/// What a suspended task waits for, as an Observer sees it. Valid during the call only.
class Awaited {
 public:
  /// Its sort.
  enum class Kind : std::uint8_t {
    timer,       ///< sleep()
    task,        ///< another task
    future,      ///< a future that is no task: gather(), a thread's result, one of the user's
    descriptor,  ///< a socket or another descriptor that is not ready
    other,       ///< a lock, an item of a queue, some of several tasks
  };

  /// Returns its sort.
  [[nodiscard]] virtual Kind kind() const noexcept { return Kind::other; }
  /// Identifies what is awaited, so that tasks that wait for the same thing can be told: a task's
  /// TaskId as a number, a value of its own for each future, lock, event, queue and descriptor;
  /// zero for what no two tasks can share, such as sleep(). May be reused after its object ends.
  [[nodiscard]] virtual std::uintptr_t identity() const noexcept { return 0; }
  /// Describes it: "sleep()", "Task-2", "Lock.acquire()".
  [[nodiscard]] virtual std::string describe() const = 0;

 protected:
  ~Awaited() = default;
};

/// Is told what a loop and its tasks do, while they do it: the one source of pictures, traces
/// and measurements. Each function does nothing unless it is overridden.
///
/// It looks on: it must not throw, create or cancel tasks, or run the loop. EventLoop::time()
/// says when it is. Given to a loop by LoopOptions::observer() or EventLoop::set_observer().
///
/// Thread:   it is called on the loop's thread; task_created() on the one that makes the task.
/// Lifetime: must outlive the loop, or be taken off it.
/// Cost:     a loop without one pays a predicted branch for each task step, each timer and each
///           batch of posts; tests/bench shows it.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// A task has been made; it has not begun. An eager one is announced before its first step.
  virtual void task_created(TaskId /*task*/, const std::string& /*name*/) noexcept {}

  /// A task's coroutine goes on; `cancelled` if a cancel() of it takes effect now, at its co_await
  /// or before it has begun. One that was passed on to what it awaits shows in how that ended.
  /// Steps nest where a task starts another one eagerly.
  virtual void step_began(TaskId /*task*/, bool /*cancelled*/) noexcept {}

  /// It is suspended again, until `awaited` wakes it; null: until the next turn.
  virtual void step_ended(TaskId /*task*/, const Awaited* /*awaited*/) noexcept {}

  /// How a task ended.
  enum class Outcome : std::uint8_t { value, failed, cancelled };
  /// Its last step has ended. A task that the closing loop destroys is not done.
  virtual void task_done(TaskId /*task*/, Outcome /*outcome*/) noexcept {}

  /// A timer has been set: sleep(), a timeout, call_later().
  virtual void timer_armed(TimePoint /*when*/) noexcept {}
  /// The loop has found it due, at `now`; what it wakes runs in this turn or in the next.
  virtual void timer_due(TimePoint /*when*/, TimePoint /*now*/) noexcept {}

  /// Other threads have posted `count` callbacks and results, which run in this turn.
  virtual void posts_taken(std::size_t /*count*/) noexcept {}

  /// Nothing is left to do until the next timer is due, at `when` if there is one, or something
  /// comes in from outside.
  virtual void about_to_wait(std::optional<TimePoint> /*when*/) noexcept {}
};

}  // namespace asyncio
