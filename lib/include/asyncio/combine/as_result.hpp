#pragma once

#include <asyncio/base/result.hpp>
#include <asyncio/detail/combine/attempt.hpp>
#include <utility>

namespace asyncio {

/// Awaits a coroutine, a task, a future or another awaitable and returns its Result, which holds
/// its value, its error or its cancellation.
///
///     auto page = co_await as_result(fetch(host));
///     if (!page) log(describe(page.error()));
///
/// Throws:   CancelledError, but only if the awaiting task itself is cancelled.
/// Cancel:   cancels the awaited operation.
/// Cost:     no allocation; errors of coroutines, tasks and futures are passed on without a throw.
/// Python:   no counterpart.
template <class A>
  requires requires(A awaitable) { std::move(awaitable).operator co_await(); }
auto as_result(A awaitable) {
  using Open = detail::ValueHolder<A>;
  return detail::Attempt<Open, detail::CancelOf::awaiting_task>(Open(std::move(awaitable)));
}

}  // namespace asyncio
