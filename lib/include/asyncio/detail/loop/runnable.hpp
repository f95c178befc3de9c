#pragma once

#include <string>
#include <utility>

namespace asyncio::detail {

/// A unit of work that waits in a queue. The queue removes it and then runs or discards it, once,
/// so run() may queue it again.
class Runnable {
 public:
  Runnable() = default;
  Runnable(const Runnable&) = delete;
  Runnable& operator=(const Runnable&) = delete;

  /// Does the work. Errors of user code go to the loop's exception handler.
  virtual void run() noexcept = 0;

  /// Replaces run() when the loop is closed.
  virtual void discard() noexcept = 0;

  /// Names the task or callback and its resume point, for the watchdog and debug mode.
  [[nodiscard]] virtual std::string describe_step() const { return "a wake-up"; }

 protected:
  ~Runnable() = default;

 private:
  friend class CallbackList;
  friend class ReadyQueue;
  friend class PostQueue;
  Runnable* next_;  // set by the list that holds it
};

/// A first-in, first-out list that links its entries and allocates nothing. It is one pointer wide,
/// because every future holds one. ReadyQueue is larger and faster.
class CallbackList {
 public:
  CallbackList() = default;
  CallbackList(CallbackList&& other) noexcept : tail_(std::exchange(other.tail_, nullptr)) {}
  CallbackList& operator=(CallbackList&& other) noexcept {
    tail_ = std::exchange(other.tail_, nullptr);
    return *this;
  }

  [[nodiscard]] bool empty() const noexcept { return tail_ == nullptr; }

  void push_back(Runnable& entry) noexcept {
    if (tail_ == nullptr) {
      entry.next_ = &entry;
    } else {
      entry.next_ = tail_->next_;
      tail_->next_ = &entry;
    }
    tail_ = &entry;
  }

  /// Removes and returns the first entry.
  ///
  /// REQUIRES: !empty().
  Runnable& pop_front() noexcept {
    Runnable& head = *tail_->next_;
    if (&head == tail_) {
      tail_ = nullptr;
    } else {
      tail_->next_ = head.next_;
    }
    return head;
  }

  /// Removes `entry`. Returns false if it is not in this list.
  ///
  /// Cost:     linear in the length of the list.
  bool remove(Runnable& entry) noexcept {
    if (empty()) return false;
    Runnable* before = tail_;
    while (before->next_ != &entry) {
      before = before->next_;
      if (before == tail_) return false;
    }
    if (before == &entry) {
      tail_ = nullptr;
    } else {
      before->next_ = entry.next_;
      if (tail_ == &entry) tail_ = before;
    }
    return true;
  }

  void discard_all() noexcept {
    while (!empty()) pop_front().discard();
  }

 private:
  friend class ReadyQueue;
  // Circular: the tail's next is the head. Null if the list is empty.
  Runnable* tail_ = nullptr;
};

/// A loop's first-in, first-out queue, in which every nanosecond of a push or pop counts.
class ReadyQueue {
 public:
  ReadyQueue() = default;
  ReadyQueue(const ReadyQueue&) = delete;
  ReadyQueue& operator=(const ReadyQueue&) = delete;

  [[nodiscard]] bool empty() const noexcept { return head_ == nullptr; }

  void push_back(Runnable& entry) noexcept {
    entry.next_ = nullptr;
    *end_ = &entry;
    end_ = &entry.next_;
  }

  /// Removes and returns the first entry.
  ///
  /// REQUIRES: !empty().
  Runnable& pop_front() noexcept {
    Runnable& head = *head_;
    head_ = head.next_;
    if (head_ == nullptr) end_ = &head_;
    return head;
  }

  /// Moves all entries of `other` to the end, in constant time.
  void append(CallbackList&& other) noexcept {
    if (other.empty()) return;
    *end_ = std::exchange(other.tail_->next_, nullptr);
    end_ = &std::exchange(other.tail_, nullptr)->next_;
  }
  /// Appends the chain from `first` to `last`, whose own link is null.
  void append_chain(Runnable* first, Runnable& last) noexcept {
    *end_ = first;
    end_ = &last.next_;
  }

  /// Empties the queue and calls `use` for each entry, in order. Entries pushed meanwhile stay.
  ///
  /// REQUIRES: no call destroys or queues an entry for which `use` has not been called yet.
  template <class F>
  void consume(F use) noexcept {
    Runnable* entry = std::exchange(head_, nullptr);
    end_ = &head_;
    while (entry != nullptr) {
      Runnable* const next = entry->next_;
      use(*entry);
      entry = next;
    }
  }

  void discard_all() noexcept {
    while (!empty()) pop_front().discard();
  }

 private:
  Runnable* head_ = nullptr;
  Runnable** end_ = &head_;  // where the address of the next entry goes
};

}  // namespace asyncio::detail
