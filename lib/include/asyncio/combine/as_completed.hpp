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

/// What as_completed() returns: give it a name and ask it for next() until that is empty.
///
/// Thread:   its loop's thread only.
template <std::derived_from<AnyFuture> F>
class AsCompleted {
 public:
  /// @cond detail
  explicit AsCompleted(detail::Ref<detail::CompletionQueue> queue) noexcept
      : queue_(std::move(queue)) {}
  /// @endcond

  /// The next one that is done, in the order of their ends; empty after the last. Several
  /// calls can wait at the same time, and are served in order.
  ///
  /// Throws:   TimeoutError, for each one that was not done at the time limit.
  /// Resumes:  two turns after the end of a child, at once if one has ended before.
  /// Cancel:   stops waiting; nothing is lost.
  /// Python:   `__anext__`, except that there a cancelled one counts as given out.
  Coroutine<std::optional<F>> next() const { return next_of(queue_); }

 private:
  static Coroutine<std::optional<F>> next_of(detail::Ref<detail::CompletionQueue> queue) {
    const AnyFuture done = co_await detail::CompletionQueue::next(std::move(queue));
    if (!done.valid()) co_return std::nullopt;
    co_return F(done.state());
  }

  detail::Ref<detail::CompletionQueue> queue_;
};

/// Gives tasks and futures back in the order in which they end, each once; coroutines are made
/// tasks, in order. Breaking off leaves those that are not done alone.
///
///     auto finished = as_completed(tasks, 5s);
///     while (auto task = co_await finished.next()) use(task->result());
///
/// Throws:   RuntimeError when no loop runs.
/// Cost:     a callback per future that is not done, one coroutine per next().
/// Python:   asyncio.as_completed, iterated by `async for`.
template <class A>
auto as_completed(std::vector<A> awaitables, TimeLimit limit = std::nullopt) {
  using F = decltype(ensure_future(std::declval<A>()));
  std::vector<AnyFuture> futures;
  futures.reserve(awaitables.size());
  for (A& awaitable : awaitables) futures.push_back(ensure_future(std::move(awaitable)));
  return AsCompleted<F>(detail::CompletionQueue::watch(futures, limit));
}

}  // namespace asyncio
