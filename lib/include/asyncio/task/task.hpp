#pragma once

#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task_state.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio {

namespace detail {

void print_stack(std::ostream& out, const TaskBase& task);
}  // namespace detail

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
  void print_stack(std::ostream& out) const { detail::print_stack(out, task()); }

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

namespace detail {
void check_belongs_to(const AnyFuture& future, const EventLoop& loop);
}  // namespace detail

/// How create_task() makes a task.
///
/// Thread:   any; a value.
class TaskOptions {
 public:
  /// `where` the task is made, for reports.
  explicit TaskOptions(std::source_location where = std::source_location::current()) noexcept
      : where_(where) {}
  /// What get_name() gives, in place of "Task-<n>".
  TaskOptions& name(std::string name) {
    name_ = std::move(name);
    return *this;
  }
  /// Runs the first step inside create_task(); on a loop that does not run, in its first turn.
  TaskOptions& eager_start(bool on) {
    eager_ = on;
    return *this;
  }
  /// Lets it run in `context`, which others may share, in place of a copy of the present one.
  TaskOptions& context(const Context& context) {
    context_ = context.state();
    return *this;
  }

 private:
  friend class EventLoop;
  std::source_location where_;
  std::string name_;
  detail::Ref<detail::ContextState> context_;
  bool eager_ = false;
};

/// For EventLoop::set_task_factory(): each task starts eagerly.
///
/// Python:   asyncio.eager_task_factory.
inline void eager_task_factory(TaskOptions& options) {
  options.eager_start(true);
}

/// Makes a task of `coroutine` on the running loop; its first step is in the next turn, unless
/// it is to start eagerly.
///
/// Throws:   RuntimeError when no loop runs, or for a coroutine that is not valid().
/// Cost:     one block beside the coroutine's own.
/// Python:   asyncio.create_task.
template <class T>
Task<T> create_task(Coroutine<T> coroutine,
                    std::source_location where = std::source_location::current()) {
  return get_running_loop().create_task(std::move(coroutine), where);
}
/// The same with options.
template <class T>
Task<T> create_task(Coroutine<T> coroutine, TaskOptions options) {
  return get_running_loop().create_task(std::move(coroutine), std::move(options));
}
/// The same with a name.
template <class T>
Task<T> create_task(Coroutine<T> coroutine, std::string name,
                    std::source_location where = std::source_location::current()) {
  return create_task(std::move(coroutine), TaskOptions(where).name(std::move(name)));
}

namespace detail {
template <class F, class... Args>
using TaskOf = Task<typename std::invoke_result_t<F&, Args...>::value_type>;
}  // namespace detail

/// The task of `callable(args...)`, which returns a Coroutine: the callable and its arguments
/// are kept until the task ends, so a lambda's captures live long enough. Inside a co_await
/// expression a lambda that captures more than references is named first: g++ 12 destroys it
/// twice there.
template <class F>
  requires std::invocable<F&>
detail::TaskOf<F> create_task(F callable,
                              std::source_location where = std::source_location::current());
/// The same with arguments.
template <class F, class Arg, class... Args>
  requires std::invocable<F&, Arg, Args...>
detail::TaskOf<F, Arg, Args...> create_task(F callable, Arg arg, Args... args);

/// The same with options: `create_task(TaskOptions().name("reader"), read, socket)`.
template <class F, class... Args>
  requires std::invocable<F&, Args...>
detail::TaskOf<F, Args...> create_task(TaskOptions options, F callable, Args... args);

namespace detail {

/// An awaitable of ours that is neither a coroutine nor a future: sleep().
template <class A>
concept PlainAwaitable = requires(A awaitable) {
  typename A::value_type;
  std::move(awaitable).operator co_await();
} && !std::derived_from<A, AnyFuture> && !requires { typename A::promise_type; };

template <PlainAwaitable A>
Coroutine<typename A::value_type> as_coroutine(A awaitable) {
  co_return co_await std::move(awaitable);
}

}  // namespace detail

/// The task of any other awaitable of this library: `create_task(sleep(1s))`.
template <detail::PlainAwaitable A>
auto create_task(A awaitable) {
  return create_task(detail::as_coroutine(std::move(awaitable)));
}

/// A task of a coroutine, on `loop` or the running one; a future or a task as it is.
///
/// Throws:   ValueError for a future of another loop than `loop`; RuntimeError for a coroutine when
/// no
///           loop runs, and for a handle that stands for no future.
/// Python:   asyncio.ensure_future.
template <class T>
Task<T> ensure_future(Coroutine<T> coroutine, EventLoop& loop) {
  return loop.create_task(std::move(coroutine));
}
/// The same on the running loop.
template <class T>
Task<T> ensure_future(Coroutine<T> coroutine) {
  return create_task(std::move(coroutine));
}
/// A task of any other awaitable of this library.
template <detail::PlainAwaitable A>
auto ensure_future(A awaitable) {
  return create_task(detail::as_coroutine(std::move(awaitable)));
}
/// A future or a task: as it is.
template <std::derived_from<AnyFuture> F>
F ensure_future(F future) {
  (void)future.checked();
  return future;
}
/// The same, of this loop.
template <std::derived_from<AnyFuture> F>
F ensure_future(F future, EventLoop& loop) {
  detail::check_belongs_to(future, loop);
  return future;
}

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

// ----------------------------------------------------------------------------------------

namespace detail {

template <class F, class... Args>
auto invoke_kept(F callable, Args... args) -> std::invoke_result_t<F&, Args...> {
  co_return co_await std::invoke(callable, std::move(args)...);
}

/// A task, not started yet, that owns the coroutine's frame.
template <class T>
TaskState<T>* new_task_state(EventLoop& loop, Coroutine<T>&& coroutine, std::source_location where,
                             Ref<ContextState> context) {
  if (loop.is_closed()) coroutine.close();
  loop.check_open();
  FrameOwner<T> frame = std::move(coroutine).release();
  auto* state = new TaskState<T>(loop, where, *frame.promise(), std::move(context));
  frame.release()->put_result_at(state->place());
  return state;
}

void run_until_done(EventLoop& loop, const AnyFuture& future, bool own_task);

}  // namespace detail

template <class F>
  requires std::invocable<F&>
detail::TaskOf<F> create_task(F callable, std::source_location where) {
  return create_task(detail::invoke_kept(std::move(callable)), where);
}
template <class F, class Arg, class... Args>
  requires std::invocable<F&, Arg, Args...>
detail::TaskOf<F, Arg, Args...> create_task(F callable, Arg arg, Args... args) {
  return create_task(detail::invoke_kept(std::move(callable), std::move(arg), std::move(args)...),
                     std::source_location());
}
template <class F, class... Args>
  requires std::invocable<F&, Args...>
detail::TaskOf<F, Args...> create_task(TaskOptions options, F callable, Args... args) {
  return create_task(detail::invoke_kept(std::move(callable), std::move(args)...),
                     std::move(options));
}

template <class T>
Task<T> EventLoop::create_task(Coroutine<T>&& coroutine, TaskOptions options) {
  try {
    if (const TaskFactory factory = task_factory_) factory(options);  // it may replace itself
  } catch (...) {
    coroutine.close();  // the error says it
    throw;
  }
  if (!options.context_) options.context_ = detail::copy_current_context();
  auto* state = detail::new_task_state(*this, std::move(coroutine), options.where_,
                                       std::move(options.context_));
  Task<T> task{detail::Ref<detail::FutureBase>(state)};
  if (!options.name_.empty()) state->set_name(std::move(options.name_));
  state->start(options.eager_ ? detail::TaskBase::Start::eager
                              : detail::TaskBase::Start::next_turn);
  return task;
}

template <class T>
Task<T> EventLoop::create_task(Coroutine<T>&& coroutine, std::source_location where) {
  if (task_factory_) return create_task(std::move(coroutine), TaskOptions(where));
  auto* state =
      detail::new_task_state(*this, std::move(coroutine), where, detail::copy_current_context());
  Task<T> task{detail::Ref<detail::FutureBase>(state)};
  state->start(detail::TaskBase::Start::next_turn);
  return task;
}

template <class Awaitable>
auto EventLoop::run_until_complete(Awaitable&& awaitable) ->
    typename std::decay_t<Awaitable>::value_type {
  using T = typename std::decay_t<Awaitable>::value_type;
  check_runnable();
  constexpr bool own_task = std::is_same_v<std::decay_t<Awaitable>, Coroutine<T>>;
  auto future = ensure_future(std::forward<Awaitable>(awaitable), *this);
  detail::run_until_done(*this, future, own_task);
  future.state()->require_value();
  return future.take_value();
}

}  // namespace asyncio

/// @cond detail
template <>
struct std::hash<asyncio::AnyTask> : std::hash<asyncio::AnyFuture> {};
template <class T>
struct std::hash<asyncio::Task<T>> : std::hash<asyncio::AnyFuture> {};
/// @endcond
