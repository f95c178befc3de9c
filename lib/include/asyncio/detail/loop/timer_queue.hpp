#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace asyncio::detail {

/// A Runnable for a TimerQueue, which knows it by its slot.
class Timer : public Runnable {
 public:
  /// Whether it is still to run: its time has not come, or it waits for its place in the turn.
  [[nodiscard]] bool armed() const noexcept { return slot_ != kNoSlot; }
  /// Whether an Observer hears of it: not where it is a matter of the library alone.
  [[nodiscard]] virtual bool is_observable() const noexcept { return true; }

 protected:
  ~Timer() = default;

 private:
  friend class TimerQueue;
  using Slot = std::uint32_t;
  static constexpr Slot kNoSlot = ~Slot{0};
  Slot slot_ = kNoSlot;
  bool is_due_ = false;
};

/// Timers by deadline; those of one deadline in the order in which they were armed.
///
/// The nearest are a heap, small enough for the processor's first cache. The others are an array of
/// ranges, the furthest first, that are in no order inside; when the heap is empty the nearest
/// range is halved until it is small, and becomes the heap. So nothing is sorted before it has to
/// be, and what memory is touched, is touched in one sweep.
///
/// An entry names its timer by a slot, which is all that is changed when a timer is taken out: it
/// may live in a coroutine's frame, which may end first. Entries whose timers are gone are dropped
/// when their time comes, or by a disarm() that finds them to be more than half.
///
/// A timer that is due stands in a line of its own until it is its turn to run, and can be taken
/// out of that as well.
class TimerQueue {
 public:
  /// Of the timers that are not due yet: whether there are none; how many.
  [[nodiscard]] bool empty() const noexcept { return live_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return live_; }

  /// REQUIRES: !empty().
  [[nodiscard]] TimePoint next_deadline() const noexcept { return near_.front().when; }

  /// Adds `timer`.
  ///
  /// REQUIRES: !timer.armed().
  /// Throws:   std::bad_alloc, and then nothing has changed.
  /// Cost:     amortised O(log n); amortised no allocation.
  void arm(Timer& timer, TimePoint when);

  /// Takes `timer` out; nothing if it is not armed. Cost: amortised O(log n).
  void disarm(Timer& timer) noexcept;

  /// Moves the next timer to the end of the line of those that are due.
  ///
  /// REQUIRES: !empty(). Cost: amortised O(log n).
  Timer& make_due() noexcept;

  /// Takes the first of those that are due out; null if there is none.
  [[nodiscard]] Timer* next_due() noexcept { return due_.empty() ? nullptr : take_due(); }

 private:
  using Slot = Timer::Slot;
  struct Entry {
    TimePoint when;
    std::uint64_t sequence;
    Slot slot;
    [[nodiscard]] bool before(const Entry& other) const noexcept {
      return when != other.when ? when < other.when : sequence < other.sequence;
    }
  };
  // For the heap's algorithms, which put the greatest first.
  struct After {
    bool operator()(const Entry& a, const Entry& b) const noexcept { return b.before(a); }
  };
  /// A range of far_, up to the next one's begin: nothing in it is before `least`, and what
  /// follows, and the heap, is.
  struct Range {
    std::size_t begin;
    Entry least;
  };
  static constexpr std::size_t kMostNear = 1024;  // entries of the heap
  static constexpr std::size_t kLeastNear = 256;  // what is left of one that was larger
  static constexpr std::size_t kMostRanges = 48;

  /// What a slot stands for: a timer; or nothing, while an entry or due_ still names it; or it is
  /// free, and leads to the next free one.
  union Place {
    Timer* timer;
    Slot next_free;
  };

  [[nodiscard]] bool is_live(const Entry& entry) const noexcept {
    return places_[entry.slot].timer != nullptr;
  }
  Timer* take_due() noexcept;
  void make_room();
  void free_slot(Slot slot) noexcept;
  void drop(const Entry& entry) noexcept;
  void insert_far(const Entry& entry) noexcept;
  void spill();
  void merge_ranges() noexcept;
  void settle() noexcept;
  void refill_heap() noexcept;
  void pop_near() noexcept;
  void purge() noexcept;

  std::vector<Entry> near_;     // a heap; not empty while a timer is armed
  std::size_t near_limit_ = 0;  // how many it may hold without make_room()
  std::vector<Entry> far_;      // ranges, none of them empty
  std::vector<Range> ranges_;   // of far_, the furthest first
  std::vector<Slot> due_;       // as roomy as places_
  std::size_t due_taken_ = 0;   // of due_; those that have left it
  std::vector<Place> places_;   // by slot
  Slot first_free_ = Timer::kNoSlot;
  std::size_t live_ = 0;
  std::size_t dead_ = 0;  // entries of the heap and the ranges whose timers are gone
  std::uint64_t next_sequence_ = 0;
};

}  // namespace asyncio::detail
