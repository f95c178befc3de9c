#pragma once

#include <asyncio/detail/combine/shield_state.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <utility>

namespace asyncio {

/// A future that follows `inner` but does not pass a cancel on to it. A coroutine is made a
/// task first; of a done future the shield is that future itself. Of an AnyFuture it is one that
/// gives no value.
///
/// Cancel:   ends the await only; `inner` runs on. If `inner` is cancelled, so is the shield.
/// Throws:   RuntimeError for a coroutine when no loop runs, or if the loop of `inner` is gone.
/// Resumes:  an awaiter two turns after the end of `inner`.
/// Cost:     a block and two callbacks.
/// Python:   asyncio.shield.
template <class T>
Future<T> shield(Future<T> inner) {
  return detail::start_shield(std::move(inner));
}
/// The same of a task.
template <class T>
Future<T> shield(Task<T> inner) {
  return shield(Future<T>(std::move(inner)));
}
/// The same of a coroutine.
template <class T>
Future<T> shield(Coroutine<T> inner) {
  return shield(Future<T>(create_task(std::move(inner))));
}
/// The same of any future.
inline AnyFuture shield(AnyFuture inner) {
  return detail::start_shield(std::move(inner));
}

}  // namespace asyncio
