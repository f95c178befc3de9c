#pragma once

#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/promise.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <concepts>
#include <functional>
#include <source_location>
#include <type_traits>
#include <utility>

namespace asyncio::detail {

/// The task type for a callable that returns a Coroutine.
template <class F, class... Args>
using TaskOf = Task<typename std::invoke_result_t<F&, Args...>::value_type>;

/// An awaitable of this library that is neither a coroutine nor a future, such as sleep().
template <class A>
concept PlainAwaitable = requires(A awaitable) {
  typename A::value_type;
  std::move(awaitable).operator co_await();
} && !std::derived_from<A, AnyFuture> && !requires { typename A::promise_type; };

template <PlainAwaitable A>
Coroutine<typename A::value_type> as_coroutine(A awaitable) {
  co_return co_await std::move(awaitable);
}

/// Calls `callable(args...)` and awaits the result. Stores the callable and its arguments
/// meanwhile.
template <class F, class... Args>
auto invoke_kept(F callable, Args... args) -> std::invoke_result_t<F&, Args...> {
  co_return co_await std::invoke(callable, std::move(args)...);
}

/// Creates a task that owns the coroutine's frame. The task is not started yet.
template <class T>
TaskState<T>* new_task_state(EventLoop& loop, Coroutine<T>&& coroutine, std::source_location where,
                             Ref<ContextState> context) {
  if (loop.is_closed()) coroutine.close();
  loop.core().check_open();
  FrameOwner<T> frame = std::move(coroutine).release();
  auto* state = new TaskState<T>(loop, where, *frame.promise(), std::move(context));
  frame.release()->set_result_slot(state->slot());
  return state;
}

/// Checks that `future` belongs to `loop`.
///
/// Throws:   ValueError if it belongs to another loop.
void check_belongs_to(const AnyFuture& future, const EventLoop& loop);

/// Runs `loop` until `future` is done. `own_task` means that the caller has created the task for
/// this: if an exit ends the run, the task's error is then not reported as unretrieved.
///
/// Throws:   like EventLoop::run_forever(); DeadlockError; RuntimeError if stop() came first.
void run_until_done(EventLoop& loop, const AnyFuture& future, bool own_task);

}  // namespace asyncio::detail
