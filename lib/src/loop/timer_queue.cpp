#include <algorithm>
#include <asyncio/loop/timer_queue.hpp>

namespace asyncio::detail {

void TimerQueue::arm(Timer& timer, TimePoint when) {
  heap_.push_back({});
  sift_up(heap_.size() - 1, Entry{when, next_sequence_++, &timer});
}

void TimerQueue::disarm(Timer& timer) noexcept {
  if (!timer.armed()) return;
  const std::size_t place = timer.place_;
  timer.place_ = Timer::kNotArmed;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (last.timer == &timer) return;
  // The last entry fills the gap; it may belong above it, if it comes from another branch.
  if (place > 0 && last.before(heap_[(place - 1) / kArity])) {
    sift_up(place, last);
  } else {
    sift_down(place, last);
  }
}

Timer& TimerQueue::pop() noexcept {
  Timer& timer = *heap_.front().timer;
  disarm(timer);
  return timer;
}

void TimerQueue::sift_up(std::size_t place, Entry entry) noexcept {
  while (place > 0) {
    const std::size_t parent = (place - 1) / kArity;
    if (!entry.before(heap_[parent])) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, entry);
}

void TimerQueue::sift_down(std::size_t place, Entry entry) noexcept {
  for (;;) {
    const std::size_t first_child = place * kArity + 1;
    if (first_child >= heap_.size()) break;
    const std::size_t end = std::min(first_child + kArity, heap_.size());
    std::size_t best = first_child;
    for (std::size_t child = first_child + 1; child < end; ++child) {
      if (heap_[child].before(heap_[best])) best = child;
    }
    if (!heap_[best].before(entry)) break;
    put(place, heap_[best]);
    place = best;
  }
  put(place, entry);
}

}  // namespace asyncio::detail
