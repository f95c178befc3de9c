#include <asyncio/base/error.hpp>
#include <asyncio/detail/sync/condition_state.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <exception>
#include <utility>

namespace asyncio::detail {

void ConditionState::enqueue(Waiter& waiter) {
  if (!lock_->locked()) throw RuntimeError("cannot wait on un-acquired lock");
  loop_.check(get_running_loop().core(), *this);
  lock_->release_hold();
  waiters_.push_back(waiter);
}

Coroutine<bool> ConditionState::wait(Ref<ConditionState> self, const char* operation) {
  Waiter waiter(operation, self.get());
  self->enqueue(waiter);
  std::exception_ptr error;
  try {
    co_await waiter.until_woken();
  } catch (...) {
    error = std::current_exception();
  }
  waiter.unlink();
  bool locked = false;
  while (!locked) {
    try {
      co_await AcquireAwaitable<LockState>(self->lock_, operation);
      locked = true;
    } catch (const CancelledError&) {
      error = std::current_exception();  // thrown once the lock is acquired
    } catch (...) {
      self->wake_next();
      throw;
    }
  }
  if (!error) co_return true;
  self->wake_next();  // this task may have been notified, but will not act on it
  std::rethrow_exception(std::move(error));
}

void ConditionState::check_notify() const {
  if (!lock_->locked()) throw RuntimeError("cannot notify on un-acquired lock");
}

std::string ConditionState::text() const {
  return print_state("Condition", lock_->locked() ? "locked" : "unlocked", waiters_.size());
}

}  // namespace asyncio::detail
