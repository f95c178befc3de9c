#include <asyncio/base/error.hpp>
#include <asyncio/sync/lock.hpp>

namespace asyncio {

namespace detail {

void LockState::begin_wait(Waiter& waiter, PromiseBase& leaf) {
  loop_.wait_in(waiters_, waiter, leaf, *this);
}

void LockState::end_wait(Waiter& waiter) {
  waiter.unlink();
  try {
    waiter.check_cancelled();
  } catch (...) {
    // A release may have woken this one, or passed it over: the next one must not be forgotten.
    if (!locked_) wake_first();
    throw;
  }
  locked_ = true;
}

void LockState::let_go() {
  if (!locked_) throw RuntimeError("Lock is not acquired.");
  locked_ = false;
  wake_first();
}

std::string LockState::text() const {
  return print_state("Lock", locked_ ? "locked" : "unlocked", waiters_.size());
}

}  // namespace detail

Lock::Lock() : state_(new detail::LockState) {}

std::string to_string(const Lock& lock) {
  return lock.state_->text();
}

}  // namespace asyncio
