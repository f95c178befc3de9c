#pragma once

#include <asyncio/detail/combine/shield_state.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <utility>

namespace asyncio {

/// Returns a shield of `inner`: a future that ends as `inner` does. Cancelling the shield does not
/// cancel `inner`. If `inner` is already done, returns `inner` itself.
///
/// Throws:   RuntimeError if the loop of `inner` is gone or, for a coroutine, if no loop is
///           running.
/// Resumes:  an awaiter two turns after `inner` ends.
/// Cancel:   ends only the await; `inner` keeps running. If `inner` is cancelled, so is the shield.
/// Cost:     three memory blocks: the future, its link to `inner`, and a callback.
/// Python:   asyncio.shield.
template <class T>
Future<T> shield(Future<T> inner) {
  return detail::start_shield(std::move(inner));
}
/// Returns a shield of a task.
template <class T>
Future<T> shield(Task<T> inner) {
  return shield(Future<T>(std::move(inner)));
}
/// Wraps a coroutine in a task and returns a shield of that task.
template <class T>
Future<T> shield(Coroutine<T> inner) {
  return shield(Future<T>(create_task(std::move(inner))));
}
/// Returns a shield of a future of any type; the shield has no value.
inline AnyFuture shield(AnyFuture inner) {
  return detail::start_shield(std::move(inner));
}

}  // namespace asyncio
