#include <asyncio/base/error.hpp>
#include <asyncio/detail/sync/lock_state.hpp>

namespace asyncio::detail {

void LockState::finish_acquire(Waiter& waiter) {
  waiter.unlink();
  try {
    waiter.check_cancelled();
  } catch (...) {
    // A release may have woken this waiter, or skipped it because it was cancelled. The next one
    // must not miss the lock.
    if (!locked_) wake_first();
    throw;
  }
  locked_ = true;
}

void LockState::release_hold() {
  if (!locked_) throw RuntimeError("Lock is not acquired.");
  locked_ = false;
  wake_first();
}

std::string LockState::text() const {
  return print_state("Lock", locked_ ? "locked" : "unlocked", waiters_.size());
}

}  // namespace asyncio::detail
