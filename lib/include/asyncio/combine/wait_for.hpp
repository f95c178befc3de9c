#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/combine/wait_within.hpp>
#include <asyncio/detail/task/task_support.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <utility>

namespace asyncio {

/// Awaits a coroutine, a task or a future with a time limit. A coroutine runs in the present
/// task, unless `limit` is zero or less.
///
/// At the deadline it is cancelled, and its end is awaited; shield() it to let it run on. With
/// a limit of zero or less: its result if it is done, else it is cancelled at once, a coroutine
/// without having begun.
///
/// Throws:   TimeoutError; what the awaited one throws.
/// Cancel:   cancels what is awaited.
/// Cost:     one coroutine; a place in the timer queue.
/// Python:   asyncio.wait_for.
template <class T>
Coroutine<T> wait_for(Coroutine<T> coroutine, TimeLimit limit);
/// The same of a future.
template <class T>
Coroutine<T> wait_for(Future<T> future, TimeLimit limit);
/// The same of a task.
template <class T>
Coroutine<T> wait_for(Task<T> task, TimeLimit limit);
/// The same of any other awaitable of this library: `wait_for(event.wait(), 1s)`.
template <detail::PlainAwaitable A>
Coroutine<typename A::value_type> wait_for(A awaitable, TimeLimit limit);
/// The same of any future.
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
