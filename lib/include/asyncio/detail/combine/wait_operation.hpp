#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/combine/wait_options.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <concepts>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// Waits until `futures` meet the condition `return_when` or `timeout` has passed.
///
/// REQUIRES: no future is listed twice.
/// Throws:   ValueError if `futures` is empty; CancelledError.
Coroutine<void> wait_until(std::vector<AnyFuture> futures, TimeLimit timeout,
                           ReturnWhen return_when);

/// The common type of several futures, or AnyFuture if they have none.
template <class... Fs>
struct CommonFutureOf {
  using type = AnyFuture;
};
template <class... Fs>
  requires requires { typename std::common_type_t<Fs...>; }
struct CommonFutureOf<Fs...> {
  using type = std::common_type_t<Fs...>;
};
template <class... Fs>
using CommonFuture = typename CommonFutureOf<Fs...>::type;

/// Returns `futures` without duplicates.
template <std::derived_from<AnyFuture> F>
std::vector<F> without_repeats(std::vector<F> futures) {
  std::unordered_set<AnyFuture> seen;
  std::erase_if(futures, [&seen](const F& future) { return !seen.insert(future).second; });
  return futures;
}

}  // namespace asyncio::detail
