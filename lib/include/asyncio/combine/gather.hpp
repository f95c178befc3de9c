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

/// Runs coroutines, tasks and futures side by side and gives their results in the order of the
/// arguments: a std::tuple, with std::monostate for void. Coroutines are made tasks, in order.
/// It begins at once; the future it returns can be awaited later, cancelled, or passed around.
///
/// The first error of a child, a cancel of it included, is the future's error, at once; the
/// others run on, and their errors count as retrieved. The same future given twice runs once.
///
/// Throws:   RuntimeError when no loop runs; ValueError for futures of different loops.
/// Resumes:  an awaiter two turns after the last child's end, or the first error.
/// Cancel:   cancels every child that is not done; the future is done when they are, with
///           CancelledError even with return_exceptions.
/// Cost:     linear in the children: a block for each beside its task, and a set if futures are
///           among them.
/// Python:   asyncio.gather.
template <detail::Gatherable... As>
auto gather(As... children) -> Future<std::tuple<detail::regular_t<detail::gathered_t<As>>...>>;

/// The same with a Result for each child: its value, its error or its CancelledError.
///
/// Python:   asyncio.gather(..., return_exceptions=True).
template <detail::Gatherable... As>
auto gather(ReturnExceptions, As... children)
    -> Future<std::tuple<Result<detail::gathered_t<As>>...>>;

/// The same for any number of children of one kind, with a std::vector; for void, the future has no
/// value.
template <detail::Gatherable A>
auto gather(std::vector<A> children) -> Future<detail::GatheredVector<detail::gathered_t<A>>>;
/// The same with a Result for each child.
template <detail::Gatherable A>
auto gather(ReturnExceptions, std::vector<A> children)
    -> Future<std::vector<Result<detail::gathered_t<A>>>>;

/// Deleted for lvalue vectors: coroutines cannot be copied, so std::move() the vector.
template <class T>
void gather(std::vector<Coroutine<T>>& children) = delete;  // std::move() it
/// Deleted for the same reason.
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
