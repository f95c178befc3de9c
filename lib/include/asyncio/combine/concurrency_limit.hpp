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

/// First argument of gather(): at most this many of the coroutines run at a time.
///
///     auto pages = co_await gather(ConcurrencyLimit(10), std::move(fetches));
///
/// Python:   no counterpart; the idiom is a Semaphore around each of them.
class ConcurrencyLimit {
 public:
  /// At most `most`.
  ///
  /// Throws:   ValueError for zero.
  explicit ConcurrencyLimit(std::size_t most) : most_(most) {
    if (most == 0) throw ValueError("a ConcurrencyLimit must be at least 1");
  }
  /// How many.
  [[nodiscard]] std::size_t most() const noexcept { return most_; }

 private:
  std::size_t most_;
};

/// As gather() without a limit, but of coroutines only, for tasks run already. They begin in
/// order; the others of a failed one run on, those included that have not begun.
///
/// Resumes:  as gather(); the next coroutine begins in the turn after one has ended.
/// Throws:   as gather().
/// Cancel:   cancels those that run; those that have not begun never do.
/// Cost:     as gather(), and two coroutines per child.
template <class... Ts>
auto gather(ConcurrencyLimit limit, Coroutine<Ts>... children);
/// The same with a Result for each child.
template <class... Ts>
auto gather(ConcurrencyLimit limit, ReturnExceptions, Coroutine<Ts>... children);
/// The same for any number of coroutines of one kind.
template <class T>
auto gather(ConcurrencyLimit limit, std::vector<Coroutine<T>> children);
/// The same with a Result for each.
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
