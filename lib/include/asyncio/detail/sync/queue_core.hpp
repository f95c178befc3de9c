#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/event_state.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <asyncio/detail/task/promise.hpp>
#include <asyncio/detail/task/waiter.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

namespace asyncio::detail {

class QueueWaiter;

/// A queue without its items: their count, the waiters, and the number of unfinished items.
class QueueCore {
 public:
  /// The two things to wait for: an item, or room for one.
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
  void enqueue(QueueWaiter& waiter, PromiseBase& leaf);
  /// Ends the wait of a waiter whose task is resuming.
  ///
  /// REQUIRES: the waiter has been suspended.
  /// Throws:   CancelledError if the task has been cancelled.
  void finish_wait(QueueWaiter& waiter);
  /// Puts the waiter back into its queue if it must keep waiting. Returns whether it did.
  bool waits_again(QueueWaiter& waiter) noexcept;
  /// Describes a wait: "Queue.get()".
  [[nodiscard]] virtual std::string describe_wait(For what) const {
    return what == For::item ? "Queue.get()" : "Queue.put()";
  }

  void task_done();
  void shutdown(bool immediate);
  /// Returns an event that is set while no item is unfinished.
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
  [[nodiscard]] WaitQueue& waiters(For what) noexcept {
    return what == For::item ? getters_ : putters_;
  }
  /// Removes waiters up to the first one that is still waiting, and wakes that one.
  static void wake_next(WaitQueue& waiters) noexcept;

  const char* name_;
  std::ptrdiff_t maxsize_;
  std::size_t size_ = 0;
  std::size_t unfinished_ = 0;
  bool shut_down_ = false;
  LoopBinding loop_;
  // Waiters that have been woken are in neither queue.
  WaitQueue getters_;
  WaitQueue putters_;
  Ref<EventState> finished_;
};

/// The place of a task that waits at a queue. Waking it reserves nothing: if another task comes
/// first, this one keeps waiting.
class QueueWaiter final : public RecheckingWaiter {
 public:
  QueueWaiter(QueueCore& queue, QueueCore::For what) noexcept
      : RecheckingWaiter(nullptr, &queue), queue_(queue), what_(what) {}
  [[nodiscard]] QueueCore::For what() const noexcept { return what_; }
  [[nodiscard]] std::string describe() const override { return queue_.describe_wait(what_); }

 private:
  bool waits_again() noexcept override { return queue_.waits_again(*this); }

  QueueCore& queue_;
  QueueCore::For what_;
};

}  // namespace asyncio::detail
