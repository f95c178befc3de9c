#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/task/waiter.hpp>
#include <concepts>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asyncio {

namespace detail {

/// Futures in the order in which they end: a queue that their callbacks fill.
class CompletionQueue {
 public:
  /// Begins to watch `futures`, each once.
  static std::shared_ptr<CompletionQueue> watch(const std::vector<AnyFuture>& futures,
                                                TimeLimit limit);
  CompletionQueue() = default;
  CompletionQueue(const CompletionQueue&) = delete;
  CompletionQueue& operator=(const CompletionQueue&) = delete;
  ~CompletionQueue();

  /// The next one that is done; empty when all have been given out.
  static Coroutine<AnyFuture> next(std::shared_ptr<CompletionQueue> self);

 private:
  struct Watched {
    AnyFuture future;  // invalid when its end has been seen
    AnyFuture::CallbackId callback;
  };
  class NextWaiter;

  void one_is_done(std::size_t index);
  void time_is_up();
  void put(AnyFuture finished);
  void stop_watching() noexcept;

  std::vector<Watched> watched_;    // in the order given; empty when the time is up
  std::size_t pending_ = 0;         // how many of them have not ended
  std::deque<AnyFuture> finished_;  // an invalid one stands for one that was too late
  std::size_t left_ = 0;            // how many no next() has asked for
  GrantLine waiting_;
  TimerHandle timeout_;
};

}  // namespace detail

/// What as_completed() returns: give it a name and ask it for next() until that is empty.
///
/// Thread:   its loop's thread only.
template <std::derived_from<AnyFuture> F>
class AsCompleted {
 public:
  /// @cond detail
  explicit AsCompleted(std::shared_ptr<detail::CompletionQueue> queue) noexcept
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
  static Coroutine<std::optional<F>> next_of(std::shared_ptr<detail::CompletionQueue> queue) {
    const AnyFuture done = co_await detail::CompletionQueue::next(std::move(queue));
    if (!done.valid()) co_return std::nullopt;
    co_return F(done.state());
  }

  std::shared_ptr<detail::CompletionQueue> queue_;
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
