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

/// What a task can do beyond what a future can, for its handles of both kinds: AnyTask and Task.
///
/// Throws:   RuntimeError from each, if the handle stands for no task.
/// Thread:   its loop's thread only.
/// Python:   asyncio.Task.
template <class Handle>
class TaskInterface {
 public:
  /// Its name: the one it was given, or "Task-<n>" by the order of creation on its loop.
  [[nodiscard]] std::string get_name() const { return task().name(); }
  /// Gives it another one.
  void set_name(std::string name) const { task().set_name(std::move(name)); }

  /// How many cancel() requests it has had that uncancel() has not taken back.
  [[nodiscard]] int cancelling() const { return static_cast<int>(task().cancelling()); }

  /// Takes one cancel() request back and returns how many are left. At none, a cancel that
  /// the coroutine has not seen yet is dropped.
  int uncancel() const { return static_cast<int>(task().uncancel()); }

  /// The context it runs in.
  [[nodiscard]] Context get_context() const { return task().context(); }

  /// The coroutines it is suspended in, outermost first, each with the line of its co_await;
  /// empty once it is done. Of a running task only what has been suspended before.
  ///
  /// Cost:     linear in their number.
  [[nodiscard]] std::vector<CallSite> get_stack() const { return task().stack(); }
  /// Writes that, a line each.
  void print_stack(std::ostream& out) const { task().print_stack(out); }

 private:
  friend Handle;
  TaskInterface() = default;

  [[nodiscard]] detail::TaskBase& task() const {
    return static_cast<detail::TaskBase&>(static_cast<const Handle&>(*this).checked());
  }
};

/// A task whose type of result does not matter: what current_task() and all_tasks() give.
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.Task.
class AnyTask : public AnyFuture, public TaskInterface<AnyTask> {
 public:
  using AnyFuture::AnyFuture;  ///< as an AnyFuture
};

/// A coroutine that runs on a loop, beside others.
///
/// Dropping the handle does not end it: the loop owns it until it is done. As a Future<T> it
/// can be awaited any number of times; set_result() and set_exception() are refused.
///
/// Thread:   its loop's thread only.
/// Python:   asyncio.Task.
template <class T = void>
class Task : public Future<T>, public TaskInterface<Task<T>> {
 public:
  using Future<T>::Future;  ///< as a Future

  /// The same task, without its type.
  operator AnyTask() const { return AnyTask(this->state()); }  // NOLINT(*-explicit-*)
};

/// The task whose step is running on this thread; empty in a callback.
///
/// Throws:   RuntimeError when no loop runs.
/// Python:   asyncio.current_task.
[[nodiscard]] std::optional<AnyTask> current_task();

/// The tasks of `loop` that are not done, in the order of their creation.
///
/// Cost:     linear in their number.
/// Python:   asyncio.all_tasks, which gives a set.
[[nodiscard]] std::vector<AnyTask> all_tasks(EventLoop& loop);
/// Those of the running loop.
///
/// Throws:   RuntimeError when none runs.
[[nodiscard]] std::vector<AnyTask> all_tasks();

}  // namespace asyncio

/// @cond detail
template <>
struct std::hash<asyncio::AnyTask> : std::hash<asyncio::AnyFuture> {};
template <class T>
struct std::hash<asyncio::Task<T>> : std::hash<asyncio::AnyFuture> {};
/// @endcond
