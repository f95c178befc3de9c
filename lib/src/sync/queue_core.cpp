#include <asyncio/base/error.hpp>
#include <asyncio/detail/sync/queue_core.hpp>
#include <asyncio/sync/queue_error.hpp>

namespace asyncio::detail {

QueueCore::QueueCore(const char* name, std::ptrdiff_t maxsize)
    : name_(name), maxsize_(maxsize), finished_(new EventState) {
  finished_->set();
}

void QueueCore::enqueue(QueueWaiter& waiter, PromiseBase& leaf) {
  loop_.wait_in(waiters(waiter.what()), waiter, leaf, *this);
}

void QueueCore::finish_wait(QueueWaiter& waiter) {
  try {
    waiter.check_cancelled();
  } catch (...) {
    waiter.unlink();
    const bool had_its_turn = waiter.state() == Waiter::State::woken;
    if (had_its_turn && !lacks(waiter.what())) wake_next(waiters(waiter.what()));
    throw;
  }
}

bool QueueCore::waits_again(QueueWaiter& waiter) noexcept {
  if (!must_wait(waiter.what())) return false;
  waiters(waiter.what()).push_back(waiter);
  return true;
}

void QueueCore::wake_next(WaitQueue& waiters) noexcept {
  while (!waiters.empty()) {
    Waiter& first = waiters.front();
    first.unlink();
    if (first.state() != Waiter::State::waiting) continue;
    first.wake();
    return;
  }
}

void QueueCore::item_added() noexcept {
  ++size_;
  ++unfinished_;
  finished_->clear();
  wake_next(getters_);
}

void QueueCore::throw_cannot_put() const {
  if (shut_down_) throw QueueShutDown();
  throw QueueFull();
}

void QueueCore::throw_cannot_get() const {
  if (shut_down_) throw QueueShutDown();
  throw QueueEmpty();
}

void QueueCore::task_done() {
  if (unfinished_ == 0) throw ValueError("task_done() called too many times");
  if (--unfinished_ == 0) finished_->set();
}

void QueueCore::shutdown(bool immediate) {
  shut_down_ = true;
  while (immediate && !empty()) {
    --size_;
    if (unfinished_ > 0) --unfinished_;
    drop_item();
  }
  if (immediate && unfinished_ == 0) finished_->set();
  // Getters and putters check again and find the queue shut down.
  while (!getters_.empty()) wake_next(getters_);
  while (!putters_.empty()) wake_next(putters_);
}

std::string QueueCore::text() const {
  std::string text = "<";
  const auto add_waiting = [&text](const char* what, const WaitQueue& waiters) {
    if (!waiters.empty()) ((text += what) += std::to_string(waiters.size())) += ']';
  };
  ((text += name_) += " maxsize=") += std::to_string(maxsize_);
  if (!empty()) (text += " _queue=") += items_text();
  add_waiting(" _getters[", getters_);
  add_waiting(" _putters[", putters_);
  if (unfinished_ > 0) (text += " tasks=") += std::to_string(unfinished_);
  if (shut_down_) text += " shutdown";
  return text + ">";
}

}  // namespace asyncio::detail
