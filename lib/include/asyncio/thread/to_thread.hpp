#pragma once

#include <asyncio/base/context.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/thread/executor.hpp>
#include <functional>
#include <type_traits>
#include <utility>

namespace asyncio {

/// Runs `function(args...)` on a thread of the running loop's default executor and returns its
/// result. Begins when awaited; the function then runs in a copy of the current context. The
/// function and its arguments are stored by value.
///
/// Write `co_await to_thread(f, a, b)`. Store a lambda with captures in a variable first, because
/// g++ 12 destroys it twice inside a co_await expression.
///
/// Throws:   what the function throws; RuntimeError if the executor has been shut down.
/// Cancel:   ends the await at once. A function that has begun keeps running, and its result is
///           dropped.
/// Cost:     about 7 us, most of it for the kernel's thread switches.
/// Python:   asyncio.to_thread.
template <class F, class... Args>
auto to_thread(F function, Args... args) -> Coroutine<std::invoke_result_t<F&, Args...>> {
  detail::Ref<detail::ContextState> context = detail::copy_current_context();
  auto in_context = [context = std::move(context), function = std::move(function),
                     ... args = std::move(args)]() mutable -> std::invoke_result_t<F&, Args...> {
    const detail::ContextScope scope(context);
    return std::invoke(function, std::move(args)...);
  };
  co_return co_await run_in_executor(std::move(in_context));
}

}  // namespace asyncio
