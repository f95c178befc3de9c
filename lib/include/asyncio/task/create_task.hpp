#pragma once

#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/task/task_support.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/task/task_options.hpp>
#include <concepts>
#include <functional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

/// Wraps `coroutine` in a task of the running loop. Its first step runs in the next turn, unless
/// the task starts eagerly.
///
/// Throws:   RuntimeError if no loop is running or `coroutine` is not valid().
/// Cost:     one block in addition to the coroutine's own.
/// Python:   asyncio.create_task.
template <class T>
Task<T> create_task(Coroutine<T> coroutine,
                    std::source_location where = std::source_location::current()) {
  return get_running_loop().create_task(std::move(coroutine), where);
}
/// Creates a task with options.
template <class T>
Task<T> create_task(Coroutine<T> coroutine, TaskOptions options) {
  return get_running_loop().create_task(std::move(coroutine), std::move(options));
}
/// Creates a task with a name.
template <class T>
Task<T> create_task(Coroutine<T> coroutine, std::string name,
                    std::source_location where = std::source_location::current()) {
  return create_task(std::move(coroutine), TaskOptions(where).name(std::move(name)));
}

/// Creates a task of `callable()`, which returns a Coroutine. The callable is stored until the task
/// ends, so a lambda's captures live long enough. In a co_await expression, do not write a lambda
/// that captures anything but references: g++ 12 destroys it twice. Give it a name first.
template <class F>
  requires std::invocable<F&>
detail::TaskOf<F> create_task(F callable,
                              std::source_location where = std::source_location::current()) {
  return create_task(detail::invoke_kept(std::move(callable)), where);
}
/// Creates a task of `callable(arg, args...)`. The arguments are stored, too.
template <class F, class Arg, class... Args>
  requires std::invocable<F&, Arg, Args...>
detail::TaskOf<F, Arg, Args...> create_task(F callable, Arg arg, Args... args) {
  return create_task(detail::invoke_kept(std::move(callable), std::move(arg), std::move(args)...),
                     std::source_location());
}
/// Creates a task of `callable(args...)` with options:
/// `create_task(TaskOptions().name("reader"), read, socket)`.
template <class F, class... Args>
  requires std::invocable<F&, Args...>
detail::TaskOf<F, Args...> create_task(TaskOptions options, F callable, Args... args) {
  return create_task(detail::invoke_kept(std::move(callable), std::move(args)...),
                     std::move(options));
}

/// Creates a task of any other awaitable of this library: `create_task(sleep(1s))`.
template <detail::PlainAwaitable A>
auto create_task(A awaitable) {
  return create_task(detail::as_coroutine(std::move(awaitable)));
}

/// Wraps `coroutine` in a task of `loop`.
///
/// Throws:   RuntimeError if the loop is closed or `coroutine` is not valid().
/// Python:   asyncio.ensure_future.
template <class T>
Task<T> ensure_future(Coroutine<T> coroutine, EventLoop& loop) {
  return loop.create_task(std::move(coroutine));
}
/// Wraps `coroutine` in a task of the running loop.
template <class T>
Task<T> ensure_future(Coroutine<T> coroutine) {
  return create_task(std::move(coroutine));
}
/// Creates a task of any other awaitable of this library.
template <detail::PlainAwaitable A>
auto ensure_future(A awaitable) {
  return create_task(detail::as_coroutine(std::move(awaitable)));
}
/// Returns a future or a task unchanged.
///
/// Throws:   RuntimeError if `future` is an empty handle.
template <std::derived_from<AnyFuture> F>
F ensure_future(F future) {
  (void)future.checked();
  return future;
}
/// Returns a future or a task of `loop` unchanged.
///
/// Throws:   ValueError if `future` belongs to another loop; RuntimeError if it is an empty handle.
template <std::derived_from<AnyFuture> F>
F ensure_future(F future, EventLoop& loop) {
  detail::check_belongs_to(future, loop);
  return future;
}

// ----------------------------------------------------------------------------------------

template <class T>
Task<T> EventLoop::create_task(Coroutine<T>&& coroutine, TaskOptions options) {
  try {
    if (const TaskFactory factory = task_factory_) factory(options);  // copy: it may replace itself
  } catch (...) {
    coroutine.close();  // not reported: the caller gets the error
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
  core_.check_runnable();
  constexpr bool own_task = std::is_same_v<std::decay_t<Awaitable>, Coroutine<T>>;
  const auto future = ensure_future(std::forward<Awaitable>(awaitable), *this);
  detail::run_until_done(*this, future, own_task);
  future.state()->require_value();
  return detail::take_value<T>(*future.state());
}

}  // namespace asyncio
