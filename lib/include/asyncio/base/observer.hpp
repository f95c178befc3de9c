#pragma once

#include <asyncio/base/time.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace asyncio {

/// The identity of a task. It is unique among live tasks and may be reused after the task ends.
enum class TaskId : std::uintptr_t {};

/// The object that a suspended task waits for, as an Observer sees it. Valid during the call only.
class Awaited {
 public:
  /// The kinds of objects that a task can wait for.
  enum class Kind : std::uint8_t {
    timer,       ///< sleep()
    task,        ///< another task
    future,      ///< a future that is not a task: from gather(), a thread, or the user
    descriptor,  ///< a socket or another descriptor that is not ready
    other,       ///< a lock, an item of a queue, any of several tasks
  };

  /// Returns the kind of the object.
  [[nodiscard]] virtual Kind kind() const noexcept { return Kind::other; }
  /// Returns a number that identifies the object, so that tasks waiting for the same object can be
  /// recognised. For a task it is the TaskId as a number. Each future, lock, event, queue and
  /// descriptor has a number of its own, which may be reused after the object ends. Zero means that
  /// no two tasks can wait for this object, as with sleep().
  [[nodiscard]] virtual std::uintptr_t identity() const noexcept { return 0; }
  /// Describes the object: "sleep()", "Task-2", "Lock.acquire()".
  [[nodiscard]] virtual std::string describe() const = 0;

 protected:
  ~Awaited() = default;
};

/// An interface for following a loop and its tasks as they run: the one source of pictures, traces
/// and measurements. Each function does nothing unless it is overridden.
///
/// An observer must not throw, create or cancel tasks, or run the loop. It can read the time with
/// EventLoop::time(). LoopOptions::observer() or EventLoop::set_observer() attaches it to a loop.
///
/// Thread:   the loop's thread, except for task_created(), which is called on the thread that
///           creates the task.
/// Lifetime: must outlive the loop, or be detached from it first.
/// Cost:     without an observer, a loop pays for one predicted branch per task step, timer and
///           batch of posts; tests/bench measures it.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// Reports a new task. Its coroutine has not started, even if the task is an eager one.
  virtual void task_created(TaskId /*task*/, const std::string& /*name*/) noexcept {}

  /// Reports that a task's coroutine starts or continues. `cancelled` is true if a cancel() of the
  /// task takes effect now, at its co_await or before its first step. It is false if the cancel()
  /// was passed on to the awaited object: the end of that object then shows it.
  ///
  /// Steps nest if a task starts another one eagerly.
  virtual void step_began(TaskId /*task*/, bool /*cancelled*/) noexcept {}

  /// Reports that a task is suspended until `awaited` wakes it, or until the next turn if that is
  /// null.
  virtual void step_ended(TaskId /*task*/, const Awaited* /*awaited*/) noexcept {}

  /// The ways in which a task can end.
  enum class Outcome : std::uint8_t { value, failed, cancelled };
  /// Reports that the last step of a task has ended. Tasks that a closing loop destroys are not
  /// reported.
  virtual void task_done(TaskId /*task*/, Outcome /*outcome*/) noexcept {}

  /// Reports a new timer, from sleep(), a timeout or call_later().
  virtual void timer_armed(TimePoint /*when*/) noexcept {}
  /// Reports a timer that is due at `now`. The code that it wakes runs in this turn or the next.
  virtual void timer_due(TimePoint /*when*/, TimePoint /*now*/) noexcept {}

  /// Reports that `count` callbacks and results from other threads have arrived. They run in this
  /// turn.
  virtual void posts_taken(std::size_t /*count*/) noexcept {}

  /// Reports that the loop has nothing to do until its next timer is due, at `when`, or until
  /// something arrives from outside. `when` is empty if there is no timer.
  virtual void about_to_wait(std::optional<TimePoint> /*when*/) noexcept {}
};

}  // namespace asyncio
