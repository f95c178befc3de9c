#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/combine/completion_queue.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/future.hpp>
#include <concepts>
#include <optional>
#include <utility>
#include <vector>

namespace asyncio {

/// A stream of finished futures, returned by as_completed(). Store it in a variable and call next()
/// until the result is empty.
///
/// Thread:   its loop's thread only.
template <std::derived_from<AnyFuture> F>
class AsCompleted {
 public:
  /// @cond detail
  explicit AsCompleted(detail::Ref<detail::CompletionQueue> queue) noexcept
      : queue_(std::move(queue)) {}
  /// @endcond

  /// Returns the next future that has ended, in the order of their ends; empty after the last
  /// one. Several calls can wait at the same time and are served in order.
  ///
  /// Throws:   TimeoutError, once for each future that was not done at the time limit.
  /// Resumes:  two turns after a future ends; at once if one has already ended.
  /// Cancel:   stops waiting; no future is lost.
  /// Python:   `__anext__`, except that in Python a cancelled call still uses up one future.
  Coroutine<std::optional<F>> next() const { return next_of(queue_); }

 private:
  static Coroutine<std::optional<F>> next_of(detail::Ref<detail::CompletionQueue> queue) {
    const AnyFuture done = co_await detail::CompletionQueue::next(std::move(queue));
    if (!done.valid()) co_return std::nullopt;
    co_return F(done.state());
  }

  detail::Ref<detail::CompletionQueue> queue_;
};

/// Returns a stream of tasks and futures in the order in which they end, each once. Coroutines are
/// first wrapped in tasks, in order. Stopping early does not affect the futures that are not done.
///
///     auto finished = as_completed(tasks, 5s);
///     while (auto task = co_await finished.next()) use(task->result());
///
/// Throws:   RuntimeError if coroutines or a limit are passed while no loop is running.
/// Cost:     one memory block and one callback per distinct future, a hash set, and two coroutines
///           per call of next().
/// Python:   asyncio.as_completed, iterated with `async for`.
template <class A>
auto as_completed(std::vector<A> awaitables, TimeLimit limit = std::nullopt) {
  using F = decltype(ensure_future(std::declval<A>()));
  std::vector<AnyFuture> futures;
  futures.reserve(awaitables.size());
  for (A& awaitable : awaitables) futures.push_back(ensure_future(std::move(awaitable)));
  return AsCompleted<F>(detail::CompletionQueue::watch(futures, limit));
}

}  // namespace asyncio
