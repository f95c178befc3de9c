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

/// Hands items from some tasks to others, first in, first out.
///
/// Thread:   its loop's thread only: the loop on which somebody first has to wait.
/// Lifetime: must be alive where it is called; who waits may outlive it.
/// Cost:     get, put and join need no coroutine and no allocation but the items'.
/// Python:   asyncio.Queue.
template <class T>
class Queue {
  static_assert(std::is_object_v<T> && std::is_move_constructible_v<T>);

 public:
  using value_type = T;  ///< the items'

  /// Holds at most `maxsize` items; any number if that is zero or less.
  explicit Queue(std::ptrdiff_t maxsize = 0) : Queue(new detail::FifoState<T>(maxsize)) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() = default;

  /// Puts `item` in; suspends while the queue is full.
  ///
  /// Throws:   QueueShutDown; RuntimeError if it has to wait on another loop than others have
  ///           waited on.
  /// Resumes:  in the turn after an item was taken, never inside that call, those who wait in
  ///           order; somebody who puts in between comes first, and this one waits on.
  /// Cancel:   leaves the line, and puts nothing; if it had its turn, that is the next one's.
  [[nodiscard]] detail::QueuePutAwaitable<T> put(T item) {
    return detail::QueuePutAwaitable<T>(state_, std::move(item));
  }

  /// Takes the next item; suspends while there is none.
  ///
  /// Throws:   QueueShutDown when it has been shut down and is empty; RuntimeError as put().
  /// Resumes:  in the turn after an item was put in, as put().
  /// Cancel:   leaves the line, and takes nothing; if it had its turn, that is the next one's.
  [[nodiscard]] detail::QueueGetAwaitable<T> get() {
    return detail::QueueGetAwaitable<T>(state_);
  }

  /// Puts `item` in at once, before those who wait in put().
  ///
  /// Throws:   QueueFull; QueueShutDown.
  void put_nowait(T item) { state_->put_nowait(std::move(item)); }

  /// Takes the next item at once.
  ///
  /// Throws:   QueueEmpty; QueueShutDown when it has been shut down and is empty.
  [[nodiscard]] T get_nowait() { return state_->get_nowait(); }

  /// Says that an item that was taken is dealt with.
  ///
  /// Throws:   ValueError if it is called more often than items were put in.
  void task_done() { state_->task_done(); }

  /// Waits until task_done() has been called for every item.
  ///
  /// Cancel:   ends the wait.
  [[nodiscard]] detail::QueueJoinAwaitable join() {
    return detail::QueueJoinAwaitable(state_->finished());
  }

  /// From here on put() and put_nowait() fail, and get() and get_nowait() when it is empty; so
  /// do those who wait. If `immediate`, what is in it is dropped and counts as done.
  ///
  /// Cost:     linear in how many wait, and are dropped.
  void shutdown(bool immediate = false) { state_->shutdown(immediate); }

  /// How many items it holds.
  [[nodiscard]] std::size_t qsize() const noexcept { return state_->size(); }
  /// What it was made with.
  [[nodiscard]] std::ptrdiff_t maxsize() const noexcept { return state_->maxsize(); }
  /// Whether it holds none.
  [[nodiscard]] bool empty() const noexcept { return state_->empty(); }
  /// Whether it holds maxsize() items; never, if it has no bound.
  [[nodiscard]] bool full() const noexcept { return state_->full(); }

  /// "<Queue maxsize=2 _queue=[1, 2] _putters[1] tasks=2>"; an item that no to_string() takes
  /// is a question mark.
  friend std::string to_string(const Queue& queue) { return queue.state_->text(); }

 protected:
  /// @cond detail
  explicit Queue(detail::QueueState<T>* state) : state_(state) {}
  /// @endcond

 private:
  detail::Ref<detail::QueueState<T>> state_;
};

/// A Queue that gives the newest item first.
///
/// Thread:   as a Queue.
/// Python:   asyncio.LifoQueue.
template <class T>
class LifoQueue : public Queue<T> {
 public:
  /// As a Queue.
  explicit LifoQueue(std::ptrdiff_t maxsize = 0) : Queue<T>(new detail::LifoState<T>(maxsize)) {}
};

/// A Queue that gives the smallest item first, by `less(a, b)`, which must not throw.
///
/// Thread:   as a Queue.
/// Cost:     putting in and taking out are logarithmic in the number of items.
/// Python:   asyncio.PriorityQueue.
template <class T, class Compare = std::less<T>>
class PriorityQueue : public Queue<T> {
 public:
  /// As a Queue.
  explicit PriorityQueue(std::ptrdiff_t maxsize = 0, Compare less = Compare())
      : Queue<T>(new detail::PriorityState<T, Compare>(maxsize, std::move(less))) {}
};

}  // namespace asyncio
