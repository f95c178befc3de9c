#pragma once

#include <asyncio/combine/wait_options.hpp>
#include <asyncio/detail/combine/wait_operation.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <concepts>
#include <utility>
#include <vector>

namespace asyncio {

/// The result of wait(): its futures, split into those that are done and those that are not. Each
/// part keeps the order of the arguments.
template <std::derived_from<AnyFuture> F>
struct WaitResult {
  std::vector<F> done;     ///< ended with a value or an error, or cancelled
  std::vector<F> pending;  ///< not done yet
};

/// Waits until tasks and futures meet the condition in `options` (by default, all are done), or
/// until the timeout. Returns which of them are done; neither cancels them nor throws their errors.
/// A future that is passed twice counts once.
///
/// Throws:   ValueError if `futures` is empty; CancelledError.
/// Resumes:  two turns after the deciding future ends, or one turn after the timeout is due.
/// Cancel:   stops waiting; the futures are not affected.
/// Cost:     two coroutines, a hash set, and one memory block and one callback per distinct future.
/// Python:   asyncio.wait, which returns sets.
template <std::derived_from<AnyFuture> F>
Coroutine<WaitResult<F>> wait(std::vector<F> futures, WaitOptions options = {});

/// Waits for futures that are passed one by one. The result holds them by their common type:
/// Task<T>, Future<T>, or otherwise AnyFuture.
template <std::derived_from<AnyFuture> F, std::derived_from<AnyFuture>... Fs>
  requires(sizeof...(Fs) > 0)
auto wait(F first, Fs... others) -> Coroutine<WaitResult<detail::CommonFuture<F, Fs...>>>;
/// Waits, with options, for futures that are passed one by one.
template <std::derived_from<AnyFuture> F, std::derived_from<AnyFuture>... Fs>
  requires(sizeof...(Fs) > 0)
auto wait(WaitOptions options, F first, Fs... others)
    -> Coroutine<WaitResult<detail::CommonFuture<F, Fs...>>>;

// ----------------------------------------------------------------------------------------

template <std::derived_from<AnyFuture> F>
Coroutine<WaitResult<F>> wait(std::vector<F> futures, WaitOptions options) {
  const std::vector<F> distinct = detail::without_repeats(std::move(futures));
  std::vector<AnyFuture> erased(distinct.begin(), distinct.end());
  co_await detail::wait_until(std::move(erased), options.timeout, options.return_when);
  WaitResult<F> result;
  for (const F& future : distinct) (future.done() ? result.done : result.pending).push_back(future);
  co_return result;
}

template <std::derived_from<AnyFuture> F, std::derived_from<AnyFuture>... Fs>
  requires(sizeof...(Fs) > 0)
auto wait(F first, Fs... others) -> Coroutine<WaitResult<detail::CommonFuture<F, Fs...>>> {
  return wait(WaitOptions(), std::move(first), std::move(others)...);
}

template <std::derived_from<AnyFuture> F, std::derived_from<AnyFuture>... Fs>
  requires(sizeof...(Fs) > 0)
auto wait(WaitOptions options, F first, Fs... others)
    -> Coroutine<WaitResult<detail::CommonFuture<F, Fs...>>> {
  std::vector<detail::CommonFuture<F, Fs...>> futures;
  futures.reserve(1 + sizeof...(Fs));
  futures.push_back(std::move(first));
  (futures.push_back(std::move(others)), ...);
  return wait(std::move(futures), options);
}

}  // namespace asyncio
