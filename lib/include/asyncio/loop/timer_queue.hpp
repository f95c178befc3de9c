#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/loop/handle.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace asyncio::detail {

/// Timers by deadline; those of one deadline in the order in which they were armed.
///
/// A four-ary heap that holds the keys itself and tells each timer its place, so that a timer
/// can be taken out at once: one that lives in a coroutine's frame must be, since the frame
/// may end first.
class TimerQueue {
 public:
  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }

  /// REQUIRES: !empty().
  [[nodiscard]] TimePoint next_deadline() const noexcept { return heap_.front().when; }

  /// Adds `timer`.
  ///
  /// REQUIRES: !timer.armed().
  /// Throws:   std::bad_alloc.
  /// Cost:     O(log n); amortised no allocation.
  void arm(Timer& timer, TimePoint when);

  /// Takes `timer` out; nothing if it is not armed. Cost: O(log n).
  void disarm(Timer& timer) noexcept;

  /// Takes the next timer out. REQUIRES: !empty(). Cost: O(log n).
  Timer& pop() noexcept;

 private:
  struct Entry {
    TimePoint when;
    std::uint64_t sequence;
    Timer* timer;
    [[nodiscard]] bool before(const Entry& other) const noexcept {
      return when != other.when ? when < other.when : sequence < other.sequence;
    }
  };
  static constexpr std::size_t kArity = 4;

  void put(std::size_t place, const Entry& entry) noexcept {
    heap_[place] = entry;
    entry.timer->place_ = static_cast<std::uint32_t>(place);
  }
  void sift_up(std::size_t place, Entry entry) noexcept;
  void sift_down(std::size_t place, Entry entry) noexcept;

  // Invariant: heap_[i].timer->place_ == i, and no entry is before its parent (i - 1) / kArity.
  std::vector<Entry> heap_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace asyncio::detail
