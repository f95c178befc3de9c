#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace asyncio::detail {

/// A Runnable that a TimerQueue runs at a deadline.
class Timer : public Runnable {
 public:
  /// Returns whether the timer still has to run: its deadline has not come, or it is due and waits
  /// for its turn.
  [[nodiscard]] bool armed() const noexcept { return slot_ != kNoSlot; }
  /// Returns whether an Observer sees the timer. Timers for the library's own purposes are hidden.
  [[nodiscard]] virtual bool is_observable() const noexcept { return true; }

 protected:
  ~Timer() = default;

 private:
  friend class TimerQueue;
  using SlotIndex = std::uint32_t;
  static constexpr SlotIndex kNoSlot = ~SlotIndex{0};
  SlotIndex slot_ = kNoSlot;
  bool is_due_ = false;
};

/// A queue of timers, ordered by deadline. Timers with equal deadlines keep the order in which they
/// were armed.
///
/// Timers that are due move to a line of their own, in which they wait for their turn to run. They
/// can still be disarmed there. timer_queue.cpp explains how it all works.
class TimerQueue {
 public:
  /// Returns whether there are no timers besides those that are due.
  [[nodiscard]] bool empty() const noexcept { return live_ == 0; }
  /// Returns the number of timers that are not due.
  [[nodiscard]] std::size_t size() const noexcept { return live_; }

  /// Returns the earliest deadline of the timers that are not due.
  ///
  /// REQUIRES: !empty().
  [[nodiscard]] TimePoint next_deadline() const noexcept { return heap_.front().when; }

  /// Adds `timer`.
  ///
  /// REQUIRES: !timer.armed().
  /// Throws:   std::bad_alloc, and then nothing has changed.
  /// Cost:     amortised O(log n); amortised no allocation.
  void arm(Timer& timer, TimePoint when);

  /// Removes `timer`. Does nothing if it is not armed.
  ///
  /// Cost:     amortised O(log n).
  void disarm(Timer& timer) noexcept;

  /// Moves the timer with the earliest deadline to the end of the line of due timers.
  ///
  /// REQUIRES: !empty().
  /// Cost:     amortised O(log n).
  Timer& make_due() noexcept;

  /// Removes the first due timer and returns it, or null if none is due.
  [[nodiscard]] Timer* next_due() noexcept { return due_.empty() ? nullptr : take_due(); }

 private:
  using SlotIndex = Timer::SlotIndex;
  struct Entry {
    TimePoint when;
    std::uint64_t sequence;
    SlotIndex slot;
    [[nodiscard]] bool before(const Entry& other) const noexcept {
      return when != other.when ? when < other.when : sequence < other.sequence;
    }
  };
  /// A comparison for the standard heap algorithms, which put the greatest element first.
  struct After {
    bool operator()(const Entry& a, const Entry& b) const noexcept { return b.before(a); }
  };
  /// A range of far_, which ends where the next one begins. No entry in it is before `lower_bound`;
  /// all entries in nearer ranges and in the heap are.
  struct Range {
    std::size_t begin;
    Entry lower_bound;
  };
  static constexpr std::size_t kMaxHeapSize = 1024;
  static constexpr std::size_t kHeapSizeAfterSpill = 256;
  static constexpr std::size_t kMaxRanges = 48;

  /// A slot in one of three states: it refers to a timer; it is null, while an entry or due_ still
  /// refers to it; or it is free and links to the next free slot.
  union Slot {
    Timer* timer;
    SlotIndex next_free;
  };

  [[nodiscard]] bool is_live(const Entry& entry) const noexcept {
    return slots_[entry.slot].timer != nullptr;
  }
  Timer* take_due() noexcept;
  void make_room();
  void free_slot(SlotIndex slot) noexcept;
  void drop(const Entry& entry) noexcept;
  void insert_far(const Entry& entry) noexcept;
  void spill();
  void merge_ranges() noexcept;
  void restore_front() noexcept;
  void refill_heap() noexcept;
  void pop_front() noexcept;
  void compact() noexcept;

  std::vector<Entry> heap_;     // not empty, and its front live, while live_ > 0
  std::size_t heap_limit_ = 0;  // the size from which arm() needs make_room()
  std::vector<Entry> far_;      // the ranges, none of them empty
  std::vector<Range> ranges_;   // the furthest first
  std::vector<SlotIndex> due_;  // with room for as many slots as there are
  std::size_t due_front_ = 0;   // the index of the first timer in line
  std::vector<Slot> slots_;     // by SlotIndex
  SlotIndex first_free_ = Timer::kNoSlot;
  std::size_t live_ = 0;  // entries whose timers are armed
  std::size_t dead_ = 0;  // entries whose timers have been disarmed
  std::uint64_t next_sequence_ = 0;
};

}  // namespace asyncio::detail
