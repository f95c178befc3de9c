#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <utility>

namespace asyncio::detail {

void posted_callback_failed(std::exception_ptr error) noexcept {
  if (EventLoop* const loop = find_running_loop()) {
    loop->callback_failed(std::move(error));
    return;
  }
  // The callback has forked, and this is the child, in which no loop of its parent's runs.
  ExceptionContext context;
  context.message = "Exception in callback";
  context.exception = std::move(error);
  EventLoop::default_exception_handler(context);
}

bool Mailbox::post(Runnable& entry) noexcept {
  std::uintptr_t head = head_.load(std::memory_order_acquire);
  do {
    if (head == kClosed) return false;
    // Written before the entry is seen; never after, for it may be gone by then.
    entry.next_ = head == kArmed ? nullptr : reinterpret_cast<Runnable*>(head);
  } while (!head_.compare_exchange_weak(head, reinterpret_cast<std::uintptr_t>(&entry),
                                        std::memory_order_acq_rel, std::memory_order_acquire));
  if (head == kArmed) poller_->wake();
  return true;
}

void Mailbox::remove_sender() noexcept {
  const bool last = senders_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  // Whether it sleeps is not asked: it may be about to, having seen this sender.
  if (last && !closed() && find_running_loop() != loop_) poller_->wake();
}

bool Mailbox::arm() noexcept {
  std::uintptr_t head = kIdle;
  return head_.compare_exchange_strong(head, kArmed, std::memory_order_acq_rel) || head == kArmed;
}

std::size_t Mailbox::drain(RunQueue& queue) noexcept {
  std::uintptr_t head = head_.load(std::memory_order_relaxed);
  while (head != kClosed && head != kIdle &&
         !head_.compare_exchange_weak(head, kIdle, std::memory_order_acq_rel)) {
  }
  return append(queue, head);
}

void Mailbox::close(RunQueue& queue) noexcept {
  append(queue, head_.exchange(kClosed, std::memory_order_acq_rel));
}

std::size_t Mailbox::append(RunQueue& queue, std::uintptr_t chain) noexcept {
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

}  // namespace asyncio::detail
