#pragma once

#include <asyncio/base/result.hpp>
#include <asyncio/combine/return_exceptions.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <asyncio/detail/combine/gathering.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace asyncio {

/// Runs coroutines, tasks and futures concurrently and returns a future for their results, in the
/// order of the arguments: a std::tuple, with std::monostate for void. Coroutines are first wrapped
/// in tasks, in order. The children start at once; the future can be awaited later, cancelled, or
/// passed around.
///
/// When a child fails or is cancelled, the future fails at once, with the child's error or its
/// CancelledError. The other children keep running, and their errors count as retrieved. A future
/// that is passed twice is awaited once, and its result appears in both places.
///
/// Throws:   RuntimeError if coroutines, or no children at all, are passed while no loop is
///           running, or if the loop of the futures is gone; ValueError if the futures belong to
///           different loops.
/// Resumes:  an awaiter two turns after the last child ends, or after the first one fails.
/// Cancel:   cancels every child that is not done. The future ends after the last of them, with
///           CancelledError even if return_exceptions is passed.
/// Cost:     linear in the number of children: one memory block for the future and one for the
///           links to all children, in addition to the tasks; a hash set if any child is a task or
///           a future.
/// Python:   asyncio.gather.
template <detail::Gatherable... As>
auto gather(As... children) -> Future<std::tuple<detail::regular_t<detail::gathered_t<As>>...>>;

/// Runs children concurrently and returns a future for a tuple with one Result per child: its
/// value, its error or its CancelledError.
///
/// Python:   asyncio.gather(..., return_exceptions=True).
template <detail::Gatherable... As>
auto gather(ReturnExceptions, As... children)
    -> Future<std::tuple<Result<detail::gathered_t<As>>...>>;

/// Runs a vector of children concurrently and returns a future for a std::vector of their values.
/// For children without values, the future has no value either.
template <detail::Gatherable A>
auto gather(std::vector<A> children) -> Future<detail::GatheredVector<detail::gathered_t<A>>>;
/// Runs a vector of children concurrently and returns a future for a vector with one Result per
/// child.
template <detail::Gatherable A>
auto gather(ReturnExceptions, std::vector<A> children)
    -> Future<std::vector<Result<detail::gathered_t<A>>>>;

/// Deleted for lvalue vectors: coroutines cannot be copied, so std::move() the vector.
template <class T>
void gather(std::vector<Coroutine<T>>& children) = delete;  // std::move() it
/// Deleted for lvalue vectors with return_exceptions as well.
template <class T>
void gather(ReturnExceptions, std::vector<Coroutine<T>>& children) = delete;  // std::move() it

// ----------------------------------------------------------------------------------------

template <detail::Gatherable... As>
auto gather(As... children) -> Future<std::tuple<detail::regular_t<detail::gathered_t<As>>...>> {
  return detail::start_gather<detail::TupleOfValues<detail::gathered_t<As>...>>(
      detail::as_children(std::move(children)...), detail::Gathering::Errors::raised,
      detail::kRepeatsAmong<As...>);
}

template <detail::Gatherable... As>
auto gather(ReturnExceptions, As... children)
    -> Future<std::tuple<Result<detail::gathered_t<As>>...>> {
  return detail::start_gather<detail::TupleOfResults<detail::gathered_t<As>...>>(
      detail::as_children(std::move(children)...), detail::Gathering::Errors::returned,
      detail::kRepeatsAmong<As...>);
}

template <detail::Gatherable A>
auto gather(std::vector<A> children) -> Future<detail::GatheredVector<detail::gathered_t<A>>> {
  return detail::start_gather<detail::VectorOfValues<detail::gathered_t<A>>>(
      detail::as_children(std::move(children)), detail::Gathering::Errors::raised,
      detail::kRepeatsAmong<A>);
}

template <detail::Gatherable A>
auto gather(ReturnExceptions, std::vector<A> children)
    -> Future<std::vector<Result<detail::gathered_t<A>>>> {
  return detail::start_gather<detail::VectorOfResults<detail::gathered_t<A>>>(
      detail::as_children(std::move(children)), detail::Gathering::Errors::returned,
      detail::kRepeatsAmong<A>);
}

}  // namespace asyncio
