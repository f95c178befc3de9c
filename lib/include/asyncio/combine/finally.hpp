#pragma once

#include <asyncio/detail/base/result_access.hpp>
#include <asyncio/detail/combine/attempt.hpp>
#include <asyncio/task/coroutine.hpp>
#include <utility>

namespace asyncio {

/// Awaits `body`, then awaits `cleanup` even if the body failed or was cancelled, and returns the
/// body's result. Each of the two is an awaitable, or a callable that returns one.
///
///     co_await finally([&]() -> Coroutine<void> { co_await work(file); },
///                      [&]() -> Coroutine<void> { co_await close(file); });
///
/// Throws:   the error of the clean-up if it fails, otherwise the error of the body.
/// Cancel:   cancels whichever of the two is running. The clean-up still runs after a cancelled
///           body; a cancelled clean-up ends with its own CancelledError.
/// Cost:     one coroutine.
/// Python:   `try: ... finally: ...` with an await in the `finally` block.
template <class Body, class Cleanup>
Coroutine<detail::opened_t<Body>> finally(Body body, Cleanup cleanup) {
  auto result = co_await detail::attempt([&] { return detail::open_source(body); });
  co_await detail::open_source(cleanup);
  co_return detail::take_value(std::move(result));
}

}  // namespace asyncio
