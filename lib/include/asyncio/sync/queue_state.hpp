#pragma once

#include <algorithm>
#include <asyncio/base/intrusive.hpp>
#include <asyncio/sync/event.hpp>
#include <asyncio/sync/shared_state.hpp>
#include <asyncio/task/task_state.hpp>
#include <asyncio/task/waiter.hpp>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What stands behind Queue<T>. Users need not read it.

namespace asyncio::detail {

class QueueWaiter;

/// A queue without its items: how many they are, who waits, and what is not done yet.
class QueueCore {
 public:
  /// What one waits for.
  enum class For : std::uint8_t { item, room };

  QueueCore(const char* name, std::ptrdiff_t maxsize);

  [[nodiscard]] std::ptrdiff_t maxsize() const noexcept { return maxsize_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] bool full() const noexcept {
    return maxsize_ > 0 && size_ >= static_cast<std::size_t>(maxsize_);
  }
  [[nodiscard]] bool must_wait(For what) const noexcept { return lacks(what) && !shut_down_; }

  // --- For an awaiter ---
  void begin_wait(QueueWaiter& waiter, PromiseBase& leaf);
  /// REQUIRES: the waiter has waited.
  void end_wait(QueueWaiter& waiter);
  /// Joins the line once more, if it has to wait on.
  bool waits_again(QueueWaiter& waiter) noexcept;

  void task_done();
  void shutdown(bool immediate);
  /// An event that is set while nothing is unfinished.
  [[nodiscard]] const Ref<EventState>& finished() const noexcept { return finished_; }
  [[nodiscard]] std::string text() const;

 protected:
  ~QueueCore() = default;

  void check_can_put() const {
    if (shut_down_ || full()) throw_cannot_put();
  }
  void check_can_get() const {
    if (empty()) throw_cannot_get();
  }
  void item_added() noexcept;
  void item_taken() noexcept {
    --size_;
    wake_next(putters_);
  }

 private:
  virtual void drop_item() = 0;
  [[nodiscard]] virtual std::string items_text() const = 0;

  [[noreturn]] void throw_cannot_put() const;
  [[noreturn]] void throw_cannot_get() const;
  [[nodiscard]] bool lacks(For what) const noexcept { return what == For::item ? empty() : full(); }
  [[nodiscard]] WaiterLine& line(For what) noexcept {
    return what == For::item ? getters_ : putters_;
  }
  /// Takes the first one who waits out of the line, and wakes it.
  static void wake_next(WaiterLine& line) noexcept;

  const char* name_;
  std::ptrdiff_t maxsize_;
  std::size_t size_ = 0;
  std::size_t unfinished_ = 0;
  bool shut_down_ = false;
  LoopBound loop_;
  // Those who have been woken are in neither.
  WaiterLine getters_;
  WaiterLine putters_;
  Ref<EventState> finished_;
};

/// One who waits at a queue. It takes nothing when it is woken: another may come first, and
/// then it waits on.
class QueueWaiter final : public RecheckingWaiter {
 public:
  QueueWaiter(QueueCore& queue, QueueCore::For what) noexcept
      : RecheckingWaiter(what == QueueCore::For::item ? "Queue.get()" : "Queue.put()"),
        queue_(queue),
        what_(what) {}
  [[nodiscard]] QueueCore::For what() const noexcept { return what_; }

 private:
  bool waits_again() noexcept override { return queue_.waits_again(*this); }

  QueueCore& queue_;
  QueueCore::For what_;
};

/// A queue with its items, in an order that the derived classes know.
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

/// An item in a text form, if it has one.
template <class T>
std::string item_text(const T& item) {
  using std::to_string;
  if constexpr (std::convertible_to<const T&, std::string_view>) {
    std::string text(1, '\'');  // by appending: g++ 12 warns, wrongly, of "'" + a text
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

/// First in, first out.
template <class T>
class FifoState final : public QueueState<T> {
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

/// Last in, first out.
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

/// The smallest first: a heap whose first item it is.
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

  // The heaps of <algorithm> have the greatest first.
  [[nodiscard]] auto greater() {
    return [this](const T& a, const T& b) -> bool { return less_(b, a); };
  }

  Compare less_;
  std::vector<T> items_;
};

template <class T>
class QueueGetAwaiter final : public AwaiterTag {
 public:
  explicit QueueGetAwaiter(QueueState<T>& queue) noexcept
      : queue_(queue), waiter_(queue, QueueCore::For::item) {}

  [[nodiscard]] bool await_ready() const noexcept {
    return !queue_.must_wait(QueueCore::For::item);
  }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    queue_.begin_wait(waiter_, leaf.promise());
  }
  T await_resume() {
    if (waiter_.has_waited()) queue_.end_wait(waiter_);
    return queue_.get_nowait();
  }

 private:
  QueueState<T>& queue_;  // the awaitable keeps it alive
  QueueWaiter waiter_;
};

template <class T>
class QueuePutAwaiter final : public AwaiterTag {
 public:
  /// `item` stays in the awaitable until there is room.
  QueuePutAwaiter(QueueState<T>& queue, T& item) noexcept
      : queue_(queue), waiter_(queue, QueueCore::For::room), item_(item) {}

  [[nodiscard]] bool await_ready() const noexcept {
    return !queue_.must_wait(QueueCore::For::room);
  }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    queue_.begin_wait(waiter_, leaf.promise());
  }
  void await_resume() {
    if (waiter_.has_waited()) queue_.end_wait(waiter_);
    queue_.put_nowait(std::move(item_));
  }

 private:
  QueueState<T>& queue_;  // the awaitable keeps it alive
  QueueWaiter waiter_;
  T& item_;
};

}  // namespace asyncio::detail
