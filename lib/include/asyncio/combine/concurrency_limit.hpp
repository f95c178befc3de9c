#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/combine/gather.hpp>
#include <asyncio/combine/return_exceptions.hpp>
#include <asyncio/detail/combine/limited.hpp>
#include <asyncio/task/coroutine.hpp>
#include <cstddef>
#include <utility>
#include <vector>

namespace asyncio {

/// A limit on how many coroutines of a gather() run at a time; passed as its first argument.
///
///     auto pages = co_await gather(ConcurrencyLimit(10), std::move(fetches));
///
/// Python:   no counterpart; the usual idiom guards each coroutine with a Semaphore.
class ConcurrencyLimit {
 public:
  /// Lets at most `most` coroutines run at a time.
  ///
  /// Throws:   ValueError if `most` is zero.
  explicit ConcurrencyLimit(std::size_t most) : most_(most) {
    if (most == 0) throw ValueError("a ConcurrencyLimit must be at least 1");
  }
  /// Returns the limit.
  [[nodiscard]] std::size_t most() const noexcept { return most_; }

 private:
  std::size_t most_;
};

/// Works like gather() without a limit, but runs at most `limit` coroutines at a time. Takes no
/// tasks, because tasks are already running. The coroutines begin in order. If one fails, the
/// others keep running, and those that have not begun still begin.
///
/// Throws:   what gather() without a limit throws.
/// Resumes:  like gather() without a limit; the next coroutine begins in the turn after one ends.
/// Cancel:   cancels the coroutines that have begun; the others never begin.
/// Cost:     one coroutine per child, in addition to the cost of gather() without a limit.
template <class... Ts>
auto gather(ConcurrencyLimit limit, Coroutine<Ts>... children);
/// Runs coroutines within a limit and returns a Result for each.
template <class... Ts>
auto gather(ConcurrencyLimit limit, ReturnExceptions, Coroutine<Ts>... children);
/// Runs a vector of coroutines within a limit.
template <class T>
auto gather(ConcurrencyLimit limit, std::vector<Coroutine<T>> children);
/// Runs a vector of coroutines within a limit and returns a Result for each.
template <class T>
auto gather(ConcurrencyLimit limit, ReturnExceptions, std::vector<Coroutine<T>> children);

// ----------------------------------------------------------------------------------------

template <class... Ts>
auto gather(ConcurrencyLimit limit, Coroutine<Ts>... children) {
  const auto permits = detail::permits(limit.most());
  return gather(detail::run_within(permits, std::move(children))...);
}

template <class... Ts>
auto gather(ConcurrencyLimit limit, ReturnExceptions, Coroutine<Ts>... children) {
  const auto permits = detail::permits(limit.most());
  return gather(return_exceptions, detail::run_within(permits, std::move(children))...);
}

template <class T>
auto gather(ConcurrencyLimit limit, std::vector<Coroutine<T>> children) {
  return gather(detail::run_each_within(limit.most(), std::move(children)));
}

template <class T>
auto gather(ConcurrencyLimit limit, ReturnExceptions, std::vector<Coroutine<T>> children) {
  return gather(return_exceptions, detail::run_each_within(limit.most(), std::move(children)));
}

}  // namespace asyncio
