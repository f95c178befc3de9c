#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/combine/wait_within.hpp>
#include <asyncio/detail/task/task_support.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <utility>

namespace asyncio {

/// Awaits a coroutine with a time limit and returns its result. The coroutine runs in the current
/// task, unless `limit` is zero or less.
///
/// At the deadline, wait_for() cancels the awaited operation and waits for it to end; shield() the
/// operation to let it keep running. With a limit of zero or less, wait_for() returns the result of
/// an operation that is already done and cancels any other at once. A coroutine is then cancelled
/// before it begins.
///
/// Throws:   TimeoutError; what the awaited operation throws.
/// Cancel:   cancels the awaited operation.
/// Cost:     one coroutine; an entry in the timer queue.
/// Python:   asyncio.wait_for.
template <class T>
Coroutine<T> wait_for(Coroutine<T> coroutine, TimeLimit limit);
/// Awaits a future with a time limit and returns its result.
template <class T>
Coroutine<T> wait_for(Future<T> future, TimeLimit limit);
/// Awaits a task with a time limit and returns its result.
template <class T>
Coroutine<T> wait_for(Task<T> task, TimeLimit limit);
/// Awaits any other awaitable of this library with a time limit: `wait_for(event.wait(), 1s)`.
template <detail::PlainAwaitable A>
Coroutine<typename A::value_type> wait_for(A awaitable, TimeLimit limit);
/// Awaits a future of any type with a time limit and returns no value.
inline Coroutine<void> wait_for(AnyFuture future, TimeLimit limit);

// ----------------------------------------------------------------------------------------

template <class T>
Coroutine<T> wait_for(Coroutine<T> coroutine, TimeLimit limit) {
  return detail::wait_within<T>(std::move(coroutine), limit);
}
template <class T>
Coroutine<T> wait_for(Future<T> future, TimeLimit limit) {
  return detail::wait_within<T>(std::move(future), limit);
}
template <class T>
Coroutine<T> wait_for(Task<T> task, TimeLimit limit) {
  return detail::wait_within<T>(std::move(task), limit);
}
template <detail::PlainAwaitable A>
Coroutine<typename A::value_type> wait_for(A awaitable, TimeLimit limit) {
  return wait_for(detail::as_coroutine(std::move(awaitable)), limit);
}
inline Coroutine<void> wait_for(AnyFuture future, TimeLimit limit) {
  return detail::wait_within<void>(std::move(future), limit);
}

}  // namespace asyncio
