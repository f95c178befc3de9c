// How the timer queue works
//
// A loop may have a million timers, and many of them, such as time limits, are disarmed before they
// are due. So the queue sorts no entry before it has to, and goes through memory in sweeps.
//
//      far_                                                    heap_           due_
//     +----------------+-------+-------+---------------+      +------+      +----------+
//     | furthest range | range | range | nearest range | ---> | heap | ---> | due line | ---> run
//     +----------------+-------+-------+---------------+      +------+      +----------+
//       latest deadlines <------------------------------------------> earliest deadlines
//
// The heap holds the earliest entries, at most 1024, which fit into the processor's first-level
// cache. Entries with equal deadlines are ordered by their sequence numbers. All later entries are
// in far_, an array that is cut into at most 48 ranges. Each range covers a span of time, but is in
// no order inside.
//
// A new entry that is earlier than all ranges goes into the heap. Any other goes to the end of its
// range in far_. To make room there, each nearer range moves its first entry to its own end:
//
//     | a b c | d e f | g h |         x is added to the first range
//     | a b c x | e f d | h g |       d and g have moved
//
// When the heap is full, it spills: its 256 earliest entries stay, and the others become the new
// nearest range. When the heap is empty, the nearest range is halved until it has at most 512
// entries, and these become the heap. Nothing is sorted inside the halves:
//
//     |             2000              |     one range
//     |     1000      |     1000      |     the later half and the earlier half
//     |     1000      |  500  |  500  |     the last 500 become the heap
//
// An entry refers to its timer through a slot, because a timer may lie in a coroutine frame that is
// destroyed before the entry is removed. Disarming a timer clears its slot, and leaves a dead
// entry. Only an entry at the end of an array is removed at once; it is often that of the timer
// that was armed last. A dead entry is dropped when it reaches the front of the heap, or when its
// range becomes the heap. When more than half of all entries are dead, compact() drops them in one
// sweep.
//
// When a timer is due, its slot moves from the heap to the end of the due line. A timer that is
// disarmed there leaves a cleared slot, which next_due() skips. A slot is free for another timer
// once its entry has been dropped, or has left the due line.

#include <algorithm>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <iterator>
#include <utility>

namespace asyncio::detail {

namespace {

/// Reserves room for `count` more elements.
template <class T>
void reserve_more(std::vector<T>& elements, std::size_t count) {
  const std::size_t least = elements.size() + count;
  if (least > elements.capacity()) elements.reserve(std::max(least, 2 * elements.capacity()));
}

}  // namespace

void TimerQueue::arm(Timer& timer, TimePoint when) {
  if (first_free_ == Timer::kNoSlot || heap_.size() >= heap_limit_) [[unlikely]]
    make_room();
  const Entry entry{when, next_sequence_++, first_free_};
  if (!ranges_.empty() && !entry.before(ranges_.back().lower_bound)) {
    reserve_more(far_, 1);
    insert_far(entry);
  } else {
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end(), After());
  }
  timer.slot_ = first_free_;
  timer.is_due_ = false;
  first_free_ = std::exchange(slots_[first_free_], Slot{&timer}).next_free;
  ++live_;
}

/// Makes room for one more entry in the heap, and for a free slot.
void TimerQueue::make_room() {
  if (heap_.size() >= kMaxHeapSize) spill();
  reserve_more(heap_, 1);
  heap_limit_ = std::min(heap_.capacity(), kMaxHeapSize);
  if (first_free_ != Timer::kNoSlot) return;
  const std::size_t slots = slots_.size();
  const std::size_t more = std::max(std::size_t{16}, 2 * slots);
  due_.reserve(more);
  slots_.resize(more);
  for (std::size_t slot = slots_.size(); slot > slots; --slot) {
    free_slot(static_cast<SlotIndex>(slot - 1));
  }
}

void TimerQueue::disarm(Timer& timer) noexcept {
  if (!timer.armed()) return;
  const SlotIndex slot = std::exchange(timer.slot_, Timer::kNoSlot);
  if (timer.is_due_) {
    slots_[slot].timer = nullptr;
    return;
  }
  --live_;
  // The timer of a time limit that was not reached is often the last one armed.
  if (heap_.back().slot == slot) {
    heap_.pop_back();
    free_slot(slot);
    if (heap_.empty() && !ranges_.empty()) restore_front();
  } else if (!far_.empty() && far_.back().slot == slot) {
    far_.pop_back();
    if (ranges_.back().begin == far_.size()) ranges_.pop_back();
    free_slot(slot);
  } else {
    slots_[slot].timer = nullptr;
    ++dead_;
    restore_front();
    if (dead_ > live_ + 64) compact();
  }
}

Timer& TimerQueue::make_due() noexcept {
  const SlotIndex slot = heap_.front().slot;
  Timer& timer = *slots_[slot].timer;
  timer.is_due_ = true;
  due_.push_back(slot);
  --live_;
  pop_front();
  restore_front();
  return timer;
}

Timer* TimerQueue::take_due() noexcept {
  while (due_front_ < due_.size()) {
    const SlotIndex slot = due_[due_front_++];
    Timer* const timer = slots_[slot].timer;
    free_slot(slot);
    if (timer == nullptr) continue;
    timer->slot_ = Timer::kNoSlot;
    return timer;
  }
  due_.clear();
  due_front_ = 0;
  return nullptr;
}

void TimerQueue::free_slot(SlotIndex slot) noexcept {
  slots_[slot].next_free = std::exchange(first_free_, slot);
}

/// Frees the slot of a dead entry, which the caller removes.
void TimerQueue::drop(const Entry& entry) noexcept {
  free_slot(entry.slot);
  --dead_;
}

// --- Ranges ---

void TimerQueue::insert_far(const Entry& entry) noexcept {
  std::size_t hole = far_.size();
  far_.push_back(entry);
  for (std::size_t i = ranges_.size() - 1; i > 0 && !entry.before(ranges_[i - 1].lower_bound);
       --i) {
    far_[hole] = far_[ranges_[i].begin];
    hole = ranges_[i].begin++;
  }
  far_[hole] = entry;
}

/// Moves the later entries of a full heap to a new nearest range.
void TimerQueue::spill() {
  const std::size_t moved = heap_.size() - kHeapSizeAfterSpill;
  reserve_more(far_, moved);
  ranges_.reserve(kMaxRanges);
  if (ranges_.size() == kMaxRanges) merge_ranges();
  const auto split = heap_.begin() + kHeapSizeAfterSpill;
  std::nth_element(heap_.begin(), split, heap_.end(),
                   [](const Entry& a, const Entry& b) { return a.before(b); });
  ranges_.push_back({far_.size(), *split});
  far_.insert(far_.end(), split, heap_.end());
  heap_.erase(split, heap_.end());
  std::make_heap(heap_.begin(), heap_.end(), After());
}

/// Merges the ranges in pairs.
void TimerQueue::merge_ranges() noexcept {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < ranges_.size(); i += 2) {
    const Range& joined = ranges_[std::min(i + 1, ranges_.size() - 1)];
    ranges_[kept++] = {ranges_[i].begin, joined.lower_bound};
  }
  ranges_.resize(kept);
}

// --- The heap ---

void TimerQueue::pop_front() noexcept {
  std::pop_heap(heap_.begin(), heap_.end(), After());
  heap_.pop_back();
}

/// Brings the earliest live entry to the front of the heap, if there is one.
void TimerQueue::restore_front() noexcept {
  for (;;) {
    while (!heap_.empty() && !is_live(heap_.front())) {
      drop(heap_.front());
      pop_front();
    }
    if (!heap_.empty() || ranges_.empty()) return;
    refill_heap();
  }
}

/// Fills the empty heap with the nearest range, or with the earliest part of it.
void TimerQueue::refill_heap() noexcept {
  while (far_.size() - ranges_.back().begin > kMaxHeapSize / 2) {
    if (ranges_.size() == kMaxRanges) merge_ranges();
    Range& whole = ranges_.back();
    const auto begin = far_.begin() + static_cast<std::ptrdiff_t>(whole.begin);
    const auto middle = begin + std::distance(begin, far_.end()) / 2;
    std::nth_element(begin, middle, far_.end(), After());
    const Range nearer{static_cast<std::size_t>(middle - far_.begin()) + 1, whole.lower_bound};
    whole.lower_bound = *middle;
    ranges_.push_back(nearer);
  }
  for (std::size_t i = ranges_.back().begin; i < far_.size(); ++i) {
    is_live(far_[i]) ? heap_.push_back(far_[i]) : drop(far_[i]);
  }
  far_.resize(ranges_.back().begin);
  ranges_.pop_back();
  std::make_heap(heap_.begin(), heap_.end(), After());
}

/// Removes all dead entries.
void TimerQueue::compact() noexcept {
  const auto is_dead = [this](const Entry& entry) {
    if (is_live(entry)) return false;
    drop(entry);
    return true;
  };
  std::erase_if(heap_, is_dead);
  std::make_heap(heap_.begin(), heap_.end(), After());
  std::size_t end = 0;
  std::size_t kept_ranges = 0;
  for (std::size_t r = 0; r < ranges_.size(); ++r) {
    const std::size_t from = ranges_[r].begin;
    const std::size_t to = r + 1 < ranges_.size() ? ranges_[r + 1].begin : far_.size();
    const std::size_t begin = end;
    for (std::size_t i = from; i < to; ++i) {
      if (!is_dead(far_[i])) far_[end++] = far_[i];
    }
    if (end > begin) ranges_[kept_ranges++] = {begin, ranges_[r].lower_bound};
  }
  far_.resize(end);
  ranges_.resize(kept_ranges);
  restore_front();
}

}  // namespace asyncio::detail
