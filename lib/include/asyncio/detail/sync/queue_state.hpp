#pragma once

#include <algorithm>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/event_state.hpp>
#include <asyncio/detail/sync/queue_core.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// A queue with its items. Derived classes determine their order.
template <class T>
class QueueState : public Shared<QueueState<T>>, public QueueCore {
 public:
  using QueueCore::QueueCore;
  virtual ~QueueState() = default;

  void put_nowait(T&& item) {
    check_can_put();
    push(std::move(item));
    item_added();
  }
  T get_nowait() {
    check_can_get();
    T item = pop();
    item_taken();
    return item;
  }

 private:
  virtual void push(T&& item) = 0;
  virtual T pop() = 0;
  void drop_item() final { (void)pop(); }
};

/// Formats an item; "?" if it has no text form.
template <class T>
std::string item_text(const T& item) {
  using std::to_string;
  if constexpr (std::convertible_to<const T&, std::string_view>) {
    std::string text(1, '\'');  // with +=: g++ 12 wrongly warns about "'" + text
    text += std::string_view(item);
    return text += '\'';
  } else if constexpr (requires {
                         { to_string(item) } -> std::convertible_to<std::string>;
                       }) {
    return to_string(item);
  } else {
    return "?";
  }
}

template <class Items>
std::string list_text(const Items& items) {
  std::string text = "[";
  for (const auto& item : items) {
    if (text.size() > 1) text += ", ";
    text += item_text(item);
  }
  return text + "]";
}

/// The state of a Queue: first in, first out.
template <class T>
class FifoState : public QueueState<T> {
 public:
  explicit FifoState(std::ptrdiff_t maxsize) : QueueState<T>("Queue", maxsize) {}

 private:
  void push(T&& item) override { items_.push_back(std::move(item)); }
  T pop() override {
    T item = std::move(items_.front());
    items_.pop_front();
    return item;
  }
  [[nodiscard]] std::string items_text() const override { return list_text(items_); }

  std::deque<T> items_;
};

/// The state of a LifoQueue: last in, first out.
template <class T>
class LifoState final : public QueueState<T> {
 public:
  explicit LifoState(std::ptrdiff_t maxsize) : QueueState<T>("LifoQueue", maxsize) {}

 private:
  void push(T&& item) override { items_.push_back(std::move(item)); }
  T pop() override {
    T item = std::move(items_.back());
    items_.pop_back();
    return item;
  }
  [[nodiscard]] std::string items_text() const override { return list_text(items_); }

  std::vector<T> items_;
};

/// The state of a PriorityQueue: a heap with the smallest item first.
template <class T, class Compare>
class PriorityState final : public QueueState<T> {
 public:
  PriorityState(std::ptrdiff_t maxsize, Compare less)
      : QueueState<T>("PriorityQueue", maxsize), less_(std::move(less)) {}

 private:
  void push(T&& item) override {
    items_.push_back(std::move(item));
    std::push_heap(items_.begin(), items_.end(), greater());
  }
  T pop() override {
    std::pop_heap(items_.begin(), items_.end(), greater());
    T item = std::move(items_.back());
    items_.pop_back();
    return item;
  }
  [[nodiscard]] std::string items_text() const override { return list_text(items_); }

  // The heaps of <algorithm> have the greatest item first.
  [[nodiscard]] auto greater() {
    return [this](const T& a, const T& b) -> bool { return less_(b, a); };
  }

  Compare less_;
  std::vector<T> items_;
};

/// The base of awaiters that wait for an item or for room in a queue.
template <class T>
class QueueAwaiter : public AwaiterTag {
 public:
  QueueAwaiter(QueueState<T>& queue, QueueCore::For what) noexcept
      : queue_(queue), waiter_(queue, what) {}

  [[nodiscard]] bool await_ready() const noexcept { return !queue_.must_wait(waiter_.what()); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    queue_.enqueue(waiter_, leaf.promise());
  }

 protected:
  /// Ends the wait.
  ///
  /// Throws:   CancelledError if the task has been cancelled.
  void finish_wait() {
    if (waiter_.has_suspended()) queue_.finish_wait(waiter_);
  }

  QueueState<T>& queue_;  // the awaitable keeps it alive

 private:
  QueueWaiter waiter_;
};

template <class T>
class QueueGetAwaiter final : public QueueAwaiter<T> {
 public:
  explicit QueueGetAwaiter(const Ref<QueueState<T>>& queue) noexcept
      : QueueAwaiter<T>(*queue, QueueCore::For::item) {}
  T await_resume() {
    this->finish_wait();
    return this->queue_.get_nowait();
  }
};

template <class T>
class QueuePutAwaiter final : public QueueAwaiter<T> {
 public:
  /// Creates an awaiter. `item` stays in the awaitable until there is room.
  QueuePutAwaiter(const Ref<QueueState<T>>& queue, T& item) noexcept
      : QueueAwaiter<T>(*queue, QueueCore::For::room), item_(item) {}
  void await_resume() {
    this->finish_wait();
    this->queue_.put_nowait(std::move(item_));
  }

 private:
  T& item_;
};

/// An awaiter that waits until no item is unfinished.
class QueueJoinAwaiter final : public EventAwaiter {
 public:
  explicit QueueJoinAwaiter(const Ref<EventState>& finished) noexcept
      : EventAwaiter(finished, "Queue.join()") {}
  void await_resume() { (void)EventAwaiter::await_resume(); }
};

template <class T>
using QueueGetAwaitable = Awaitable<QueueGetAwaiter<T>, Ref<QueueState<T>>>;
template <class T>
using QueuePutAwaitable = Awaitable<QueuePutAwaiter<T>, Ref<QueueState<T>>, T>;
using QueueJoinAwaitable = Awaitable<QueueJoinAwaiter, Ref<EventState>>;

}  // namespace asyncio::detail
