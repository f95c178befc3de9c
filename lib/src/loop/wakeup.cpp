#include <asyncio/detail/loop/wakeup.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <utility>

namespace asyncio::detail {

void posted_callback_failed(std::exception_ptr error) noexcept {
  if (LoopCore* const core = running_loop()) {
    core->callback_failed(std::move(error));
    return;
  }
  // The callback has forked, and this is the child, in which the parent's loop does not run.
  ExceptionContext context;
  context.message = "Exception in callback";
  context.exception = std::move(error);
  EventLoop::default_exception_handler(context);
}

bool PostQueue::post(Runnable& entry) noexcept {
  std::uintptr_t head = head_.load(std::memory_order_acquire);
  do {
    if (head == kClosed) return false;
    // Link the entry before it becomes visible: after that, it may be gone.
    entry.next_ = head == kArmed ? nullptr : reinterpret_cast<Runnable*>(head);
  } while (!head_.compare_exchange_weak(head, reinterpret_cast<std::uintptr_t>(&entry),
                                        std::memory_order_acq_rel, std::memory_order_acquire));
  if (head == kArmed) poller_.wake();
  return true;
}

bool PostQueue::arm() noexcept {
  std::uintptr_t head = kIdle;
  return head_.compare_exchange_strong(head, kArmed, std::memory_order_acq_rel) || head == kArmed;
}

std::size_t PostQueue::drain(ReadyQueue& queue) noexcept {
  std::uintptr_t head = head_.load(std::memory_order_relaxed);
  while (head != kClosed && head != kIdle &&
         !head_.compare_exchange_weak(head, kIdle, std::memory_order_acq_rel)) {
  }
  return append(queue, head);
}

void PostQueue::close(ReadyQueue& queue) noexcept {
  append(queue, head_.exchange(kClosed, std::memory_order_acq_rel));
}

std::size_t PostQueue::append(ReadyQueue& queue, std::uintptr_t chain) noexcept {
  if (chain <= kClosed) return 0;
  auto* const newest = reinterpret_cast<Runnable*>(chain);
  std::size_t count = 0;
  Runnable* oldest_first = nullptr;
  for (Runnable* entry = newest; entry != nullptr; ++count) {
    Runnable* const older = std::exchange(entry->next_, oldest_first);
    oldest_first = std::exchange(entry, older);
  }
  queue.append_chain(oldest_first, *newest);
  return count;
}

void Wakeup::remove_sender() noexcept {
  const bool last = senders_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  if (!last || posts_.closed()) return;
  // Wake the loop whether or not it sleeps: it may have seen this sender and be about to sleep.
  LoopCore* const running = running_loop();
  if (running == nullptr || &running->loop() != loop_) poller_->wake();
}

}  // namespace asyncio::detail
