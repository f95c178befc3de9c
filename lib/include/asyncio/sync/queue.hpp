#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/queue_state.hpp>
#include <asyncio/sync/queue_error.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

/// A queue that passes items between tasks, first in, first out.
///
/// Thread:   its loop's thread only. Its loop is the first one on which a task has to wait.
/// Lifetime: must be alive when it is called; waiting tasks may outlive it.
/// Cost:     get, put and join need no coroutine, and no allocation except for the items.
/// Python:   asyncio.Queue.
template <class T>
class Queue {
  static_assert(std::is_object_v<T> && std::is_move_constructible_v<T>);

 public:
  using value_type = T;  ///< the type of the items

  /// Creates a queue for at most `maxsize` items, or for any number if `maxsize` is zero or less.
  explicit Queue(std::ptrdiff_t maxsize = 0) : Queue(new detail::FifoState<T>(maxsize)) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() = default;

  /// Puts `item` into the queue. Suspends while the queue is full.
  ///
  /// Throws:   QueueShutDown if the queue has been shut down; RuntimeError if the task has to wait
  ///           on a loop other than the queue's.
  /// Resumes:  in the turn after an item was taken, never inside that call, and in the order of
  ///           waiting. If another task puts an item first, this one keeps waiting.
  /// Cancel:   stops waiting and puts nothing; if the task had been woken, the next one is woken
  ///           instead.
  [[nodiscard]] detail::QueuePutAwaitable<T> put(T item) {
    return detail::QueuePutAwaitable<T>(state_, std::move(item));
  }

  /// Takes the next item. Suspends while the queue is empty.
  ///
  /// Throws:   QueueShutDown if the queue has been shut down and is empty; RuntimeError like put().
  /// Resumes:  in the turn after an item was put in, like put().
  /// Cancel:   stops waiting and takes nothing; if the task had been woken, the next one is woken
  ///           instead.
  [[nodiscard]] detail::QueueGetAwaitable<T> get() { return detail::QueueGetAwaitable<T>(state_); }

  /// Puts `item` into the queue at once, before the items of tasks that wait in put().
  ///
  /// Throws:   QueueFull if the queue is full; QueueShutDown if it has been shut down.
  void put_nowait(T item) { state_->put_nowait(std::move(item)); }

  /// Takes the next item at once.
  ///
  /// Throws:   QueueEmpty if the queue is empty; QueueShutDown if it has also been shut down.
  [[nodiscard]] T get_nowait() { return state_->get_nowait(); }

  /// Marks a taken item as finished.
  ///
  /// Throws:   ValueError if it is called more often than items were put in.
  void task_done() { state_->task_done(); }

  /// Waits until task_done() has been called for every item.
  ///
  /// Cancel:   ends the wait.
  [[nodiscard]] detail::QueueJoinAwaitable join() {
    return detail::QueueJoinAwaitable(state_->finished());
  }

  /// Shuts the queue down. From now on, put() and put_nowait() fail; get() and get_nowait() fail
  /// once the queue is empty. Tasks that are waiting fail too. If `immediate`, the items in the
  /// queue are dropped and count as finished.
  ///
  /// Cost:     linear in the number of waiting tasks and dropped items.
  void shutdown(bool immediate = false) { state_->shutdown(immediate); }

  /// Returns the number of items in the queue.
  [[nodiscard]] std::size_t qsize() const noexcept { return state_->size(); }
  /// Returns the limit passed to the constructor.
  [[nodiscard]] std::ptrdiff_t maxsize() const noexcept { return state_->maxsize(); }
  /// Returns whether the queue holds no items.
  [[nodiscard]] bool empty() const noexcept { return state_->empty(); }
  /// Returns whether the queue holds maxsize() items; always false without a limit.
  [[nodiscard]] bool full() const noexcept { return state_->full(); }

  /// Formats the state: "<Queue maxsize=2 _queue=[1, 2] _putters[1] tasks=2>". An item without a
  /// to_string() is shown as a question mark.
  friend std::string to_string(const Queue& queue) { return queue.state_->text(); }

 protected:
  /// @cond detail
  explicit Queue(detail::QueueState<T>* state) : state_(state) {}
  /// @endcond

 private:
  detail::Ref<detail::QueueState<T>> state_;
};

/// A Queue that returns the newest item first.
///
/// Thread:   like a Queue.
/// Python:   asyncio.LifoQueue.
template <class T>
class LifoQueue : public Queue<T> {
 public:
  /// Creates a queue for at most `maxsize` items, or for any number if `maxsize` is zero or less.
  explicit LifoQueue(std::ptrdiff_t maxsize = 0) : Queue<T>(new detail::LifoState<T>(maxsize)) {}
};

/// A Queue that returns the smallest item first. `less(a, b)` compares two items and must not
/// throw.
///
/// Thread:   like a Queue.
/// Cost:     put and get are logarithmic in the number of items.
/// Python:   asyncio.PriorityQueue.
template <class T, class Compare = std::less<T>>
class PriorityQueue : public Queue<T> {
 public:
  /// Creates a queue for at most `maxsize` items, or for any number if `maxsize` is zero or less.
  explicit PriorityQueue(std::ptrdiff_t maxsize = 0, Compare less = Compare())
      : Queue<T>(new detail::PriorityState<T, Compare>(maxsize, std::move(less))) {}
};

}  // namespace asyncio
