#pragma once

#include <asyncio/detail/base/result_access.hpp>
#include <asyncio/detail/combine/attempt.hpp>
#include <asyncio/task/coroutine.hpp>
#include <utility>

namespace asyncio {

/// Awaits `body`, then `cleanup`, however the body has ended, and gives the body's result. Both
/// are callables that return something awaitable, or awaitables.
///
///     co_await finally([&]() -> Coroutine<void> { co_await work(file); },
///                      [&]() -> Coroutine<void> { co_await close(file); });
///
/// Throws:   the clean-up's error, or else the body's.
/// Cancel:   passed on to what runs: a cancelled body is cleaned up after, a cancelled clean-up
///           ends with its own CancelledError.
/// Cost:     one coroutine.
/// Python:   `try: ... finally: ...` with an await in it.
template <class Body, class Cleanup>
Coroutine<detail::opened_t<Body>> finally(Body body, Cleanup cleanup) {
  auto result = co_await detail::attempt([&] { return detail::open_source(body); });
  co_await detail::open_source(cleanup);
  co_return detail::take_value(std::move(result));
}

}  // namespace asyncio
