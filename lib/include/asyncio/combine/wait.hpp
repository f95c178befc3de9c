#pragma once

#include <asyncio/combine/wait_options.hpp>
#include <asyncio/detail/combine/wait_operation.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <concepts>
#include <utility>
#include <vector>

namespace asyncio {

/// What wait() found, each part in the order in which wait() was given them.
template <std::derived_from<AnyFuture> F>
struct WaitResult {
  std::vector<F> done;     ///< with a result, an error or cancelled
  std::vector<F> pending;  ///< not done yet
};

/// Waits for tasks and futures, without cancelling any and without throwing their errors; at
/// the timeout it returns what it has. The same future given twice counts once.
///
/// Throws:   ValueError if there are none; CancelledError.
/// Resumes:  two turns after the end it waits for, or one after the timeout is due.
/// Cancel:   stops waiting; the futures are left alone.
/// Cost:     a block and a callback per future that is not done.
/// Python:   asyncio.wait, which gives sets.
template <std::derived_from<AnyFuture> F>
Coroutine<WaitResult<F>> wait(std::vector<F> futures, WaitOptions options = {});

/// The same for a few that are named one by one. What it gives are of their common type:
/// Task<T>, Future<T>, or else AnyFuture.
template <std::derived_from<AnyFuture> F, std::derived_from<AnyFuture>... Fs>
  requires(sizeof...(Fs) > 0)
auto wait(F first, Fs... others) -> Coroutine<WaitResult<detail::CommonFuture<F, Fs...>>>;
/// The same with options.
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
