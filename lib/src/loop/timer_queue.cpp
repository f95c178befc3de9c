#include <algorithm>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <iterator>
#include <utility>

namespace asyncio::detail {

namespace {

/// Lets `count` more elements be added without an allocation.
template <class T>
void make_room_for(std::vector<T>& elements, std::size_t count) {
  const std::size_t least = elements.size() + count;
  if (least > elements.capacity()) elements.reserve(std::max(least, 2 * elements.capacity()));
}

}  // namespace

void TimerQueue::arm(Timer& timer, TimePoint when) {
  if (first_free_ == Timer::kNoSlot || near_.size() >= near_limit_) [[unlikely]]
    make_room();
  const Entry entry{when, next_sequence_++, first_free_};
  if (!ranges_.empty() && !entry.before(ranges_.back().least)) {
    make_room_for(far_, 1);
    insert_far(entry);
  } else {
    near_.push_back(entry);
    std::push_heap(near_.begin(), near_.end(), After());
  }
  timer.slot_ = first_free_;
  timer.is_due_ = false;
  first_free_ = std::exchange(places_[first_free_], Place{&timer}).next_free;
  ++live_;
}

/// Makes sure that there is a free slot, and room in the heap.
void TimerQueue::make_room() {
  if (near_.size() >= kMostNear) spill();
  make_room_for(near_, 1);
  near_limit_ = std::min(near_.capacity(), kMostNear);
  if (first_free_ != Timer::kNoSlot) return;
  const std::size_t slots = places_.size();
  const std::size_t more = std::max(std::size_t{16}, 2 * slots);
  due_.reserve(more);
  places_.resize(more);
  for (std::size_t slot = places_.size(); slot > slots; --slot) {
    free_slot(static_cast<Slot>(slot - 1));
  }
}

void TimerQueue::disarm(Timer& timer) noexcept {
  if (!timer.armed()) return;
  const Slot slot = std::exchange(timer.slot_, Timer::kNoSlot);
  if (timer.is_due_) {
    places_[slot].timer = nullptr;
    return;
  }
  --live_;
  // Often it is the last one that was armed, as a time limit that was not reached.
  if (near_.back().slot == slot) {
    near_.pop_back();
    free_slot(slot);
    if (near_.empty() && !ranges_.empty()) settle();
  } else if (!far_.empty() && far_.back().slot == slot) {
    far_.pop_back();
    if (ranges_.back().begin == far_.size()) ranges_.pop_back();
    free_slot(slot);
  } else {
    places_[slot].timer = nullptr;
    ++dead_;
    settle();
    if (dead_ > live_ + 64) purge();
  }
}

Timer& TimerQueue::make_due() noexcept {
  const Slot slot = near_.front().slot;
  Timer& timer = *places_[slot].timer;
  timer.is_due_ = true;
  due_.push_back(slot);
  --live_;
  pop_near();
  settle();
  return timer;
}

Timer* TimerQueue::take_due() noexcept {
  while (due_taken_ < due_.size()) {
    const Slot slot = due_[due_taken_++];
    Timer* const timer = places_[slot].timer;
    free_slot(slot);
    if (timer == nullptr) continue;
    timer->slot_ = Timer::kNoSlot;
    return timer;
  }
  due_.clear();
  due_taken_ = 0;
  return nullptr;
}

void TimerQueue::free_slot(Slot slot) noexcept {
  places_[slot].next_free = std::exchange(first_free_, slot);
}

/// Forgets an entry whose timer is gone.
void TimerQueue::drop(const Entry& entry) noexcept {
  free_slot(entry.slot);
  --dead_;
}

// --- Far: from each nearer range one entry moves on, to make room at the end of the right one ---

void TimerQueue::insert_far(const Entry& entry) noexcept {
  std::size_t hole = far_.size();
  far_.push_back(entry);
  for (std::size_t i = ranges_.size() - 1; i > 0 && !entry.before(ranges_[i - 1].least); --i) {
    far_[hole] = far_[ranges_[i].begin];
    hole = ranges_[i].begin++;
  }
  far_[hole] = entry;
}

/// Makes the later part of a heap that is too large the nearest range.
void TimerQueue::spill() {
  const std::size_t moved = near_.size() - kLeastNear;
  make_room_for(far_, moved);
  ranges_.reserve(kMostRanges);
  if (ranges_.size() == kMostRanges) merge_ranges();
  const auto split = near_.begin() + kLeastNear;
  std::nth_element(near_.begin(), split, near_.end(),
                   [](const Entry& a, const Entry& b) { return a.before(b); });
  ranges_.push_back({far_.size(), *split});
  far_.insert(far_.end(), split, near_.end());
  near_.erase(split, near_.end());
  std::make_heap(near_.begin(), near_.end(), After());
}

/// Joins each second range with the one before it.
void TimerQueue::merge_ranges() noexcept {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < ranges_.size(); i += 2) {
    const Range& joined = ranges_[std::min(i + 1, ranges_.size() - 1)];
    ranges_[kept++] = {ranges_[i].begin, joined.least};
  }
  ranges_.resize(kept);
}

// --- Near ---

void TimerQueue::pop_near() noexcept {
  std::pop_heap(near_.begin(), near_.end(), After());
  near_.pop_back();
}

/// Brings the next timer to the front of the heap, if there is one.
void TimerQueue::settle() noexcept {
  for (;;) {
    while (!near_.empty() && !is_live(near_.front())) {
      drop(near_.front());
      pop_near();
    }
    if (!near_.empty() || ranges_.empty()) return;
    refill_heap();
  }
}

/// Makes the nearest range the heap, or if it is large a small part of it.
void TimerQueue::refill_heap() noexcept {
  while (far_.size() - ranges_.back().begin > kMostNear / 2) {
    if (ranges_.size() == kMostRanges) merge_ranges();
    Range& whole = ranges_.back();
    const auto begin = far_.begin() + static_cast<std::ptrdiff_t>(whole.begin);
    const auto middle = begin + std::distance(begin, far_.end()) / 2;
    std::nth_element(begin, middle, far_.end(), After());
    const Range nearer{static_cast<std::size_t>(middle - far_.begin()) + 1, whole.least};
    whole.least = *middle;
    ranges_.push_back(nearer);
  }
  for (std::size_t i = ranges_.back().begin; i < far_.size(); ++i) {
    is_live(far_[i]) ? near_.push_back(far_[i]) : drop(far_[i]);
  }
  far_.resize(ranges_.back().begin);
  ranges_.pop_back();
  std::make_heap(near_.begin(), near_.end(), After());
}

/// Drops all entries whose timers are gone.
void TimerQueue::purge() noexcept {
  const auto is_dead = [this](const Entry& entry) {
    if (is_live(entry)) return false;
    drop(entry);
    return true;
  };
  std::erase_if(near_, is_dead);
  std::make_heap(near_.begin(), near_.end(), After());
  std::size_t end = 0;
  std::size_t kept_ranges = 0;
  for (std::size_t r = 0; r < ranges_.size(); ++r) {
    const std::size_t from = ranges_[r].begin;
    const std::size_t to = r + 1 < ranges_.size() ? ranges_[r + 1].begin : far_.size();
    const std::size_t begin = end;
    for (std::size_t i = from; i < to; ++i) {
      if (!is_dead(far_[i])) far_[end++] = far_[i];
    }
    if (end > begin) ranges_[kept_ranges++] = {begin, ranges_[r].least};
  }
  far_.resize(end);
  ranges_.resize(kept_ranges);
  settle();
}

}  // namespace asyncio::detail
