#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/combine/timeout.hpp>
#include <asyncio/detail/task/future_value.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/future.hpp>
#include <exception>
#include <utility>

namespace asyncio::detail {

/// Cancels `future` and waits until it is done. A cancel of the waiting task ends only the wait; it
/// does not cancel `future` a second time.
Coroutine<void> cancel_and_wait(AnyFuture future);

/// Implements wait_for() with a limit of zero or less.
template <class T, class Awaitable>
Coroutine<T> cancel_unless_done(Awaitable awaitable) {
  auto future = ensure_future(std::move(awaitable));
  if (!future.done()) {
    co_await cancel_and_wait(future);
    // Not cancelled(): a gather ends with a CancelledError without being cancelled.
    std::exception_ptr error = future.state()->error_or_cancel();
    if (is_cancelled_error(error)) throw TimeoutError("timed out", std::move(error));
  }
  future.state()->require_value();
  co_return take_value<T>(*future.state());
}

/// Implements wait_for().
template <class T, class Awaitable>
Coroutine<T> wait_within(Awaitable awaitable, TimeLimit limit) {
  if (limit.limited() && limit.span() <= Duration::zero()) {
    return cancel_unless_done<T>(std::move(awaitable));
  }
  return Timeout::await_within<T>(limit, std::move(awaitable));
}

}  // namespace asyncio::detail
