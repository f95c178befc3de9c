#pragma once

#include <asyncio/base/call_site.hpp>
#include <asyncio/base/context.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/future.hpp>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asyncio {

/// The functions that a task has in addition to those of a future, for both kinds of handles:
/// AnyTask and Task.
///
/// Throws:   RuntimeError from each function if the handle is empty.
/// Thread:   its loop's thread only.
/// Python:   asyncio.Task.
template <class Handle>
class TaskInterface {
 public:
  /// Returns the name that the task was given, or "Task-<n>", numbered by creation on its loop.
  [[nodiscard]] std::string get_name() const { return task().name(); }
  /// Sets the name.
  void set_name(std::string name) const { task().set_name(std::move(name)); }

  /// Returns the number of cancel() requests that uncancel() has not taken back.
  [[nodiscard]] int cancelling() const { return static_cast<int>(task().cancelling()); }

  /// Takes back one cancel() request and returns how many are left. If none is left, a cancel that
  /// the coroutine has not seen yet is dropped.
  int uncancel() const { return static_cast<int>(task().uncancel()); }

  /// Returns the context in which the task runs.
  [[nodiscard]] Context get_context() const { return task().context(); }

  /// Returns the coroutines in which the task is suspended, outermost first, each with the line of
  /// its co_await. The list is empty once the task is done. For a running task, it lacks coroutines
  /// that have not been suspended yet.
  ///
  /// Cost:     linear in their number.
  [[nodiscard]] std::vector<CallSite> get_stack() const { return task().stack(); }
  /// Writes the stack to `out`, one coroutine per line.
  void print_stack(std::ostream& out) const { task().print_stack(out); }

 private:
  friend Handle;
  TaskInterface() = default;

  [[nodiscard]] detail::TaskBase& task() const {
    return static_cast<detail::TaskBase&>(static_cast<const Handle&>(*this).checked());
  }
};

/// A handle to a task without the type of its result. current_task() and all_tasks() return it.
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.Task.
class AnyTask : public AnyFuture, public TaskInterface<AnyTask> {
 public:
  using AnyFuture::AnyFuture;  ///< the constructors of AnyFuture
};

/// A coroutine that runs on a loop, concurrently with others.
///
/// Dropping the handle does not end the task: the loop owns it until it is done. Like any
/// Future<T>, it can be awaited any number of times, but set_result() and set_exception() throw
/// RuntimeError.
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.Task.
template <class T = void>
class Task : public Future<T>, public TaskInterface<Task<T>> {
 public:
  using Future<T>::Future;  ///< the constructors of Future

  /// Converts to a handle without the type of the result.
  operator AnyTask() const { return AnyTask(this->state()); }  // NOLINT(*-explicit-*)
};

/// Returns the task whose step is running on this thread, or nothing inside a callback.
///
/// Throws:   RuntimeError if no loop is running.
/// Python:   asyncio.current_task.
[[nodiscard]] std::optional<AnyTask> current_task();

/// Returns the tasks of `loop` that are not done, in creation order.
///
/// Cost:     linear in their number.
/// Python:   asyncio.all_tasks, which returns a set.
[[nodiscard]] std::vector<AnyTask> all_tasks(EventLoop& loop);
/// Returns the tasks of the running loop that are not done.
///
/// Throws:   RuntimeError if no loop is running.
[[nodiscard]] std::vector<AnyTask> all_tasks();

}  // namespace asyncio

/// @cond detail
template <>
struct std::hash<asyncio::AnyTask> : std::hash<asyncio::AnyFuture> {};
template <class T>
struct std::hash<asyncio::Task<T>> : std::hash<asyncio::AnyFuture> {};
/// @endcond
