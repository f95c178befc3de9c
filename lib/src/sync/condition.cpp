#include <asyncio/base/error.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/sync/condition.hpp>

namespace asyncio {

namespace detail {

void ConditionState::begin_wait(Waiter& waiter) {
  if (!lock_->locked()) throw RuntimeError("cannot wait on un-acquired lock");
  loop_.check(get_running_loop(), *this);
  lock_->let_go();
  waiters_.join(waiter);
}

Coroutine<bool> ConditionState::wait(Ref<ConditionState> self, const char* what) {
  PlainWaiter waiter(what);
  self->begin_wait(waiter);
  std::exception_ptr error;
  try {
    co_await waiter;
  } catch (...) {
    error = std::current_exception();
  }
  waiter.unlink();
  bool locked = false;
  while (!locked) {
    try {
      co_await AcquireAwaitable<LockState>(self->lock_, what);
      locked = true;
    } catch (const CancelledError&) {
      error = std::current_exception();  // the lock comes first
    } catch (...) {
      self->wake_next();
      throw;
    }
  }
  if (!error) co_return true;
  self->wake_next();  // this one may have been notified, and will not act on it
  std::rethrow_exception(std::move(error));
}

void ConditionState::check_notify() const {
  if (!lock_->locked()) throw RuntimeError("cannot notify on un-acquired lock");
}

std::string ConditionState::text() const {
  return print_state("Condition", lock_->locked() ? "locked" : "unlocked", waiters_.size());
}

}  // namespace detail

Condition::Condition()
    : state_(new detail::ConditionState(detail::Ref<detail::LockState>(new detail::LockState))) {}

Condition::Condition(Lock& lock) : state_(new detail::ConditionState(lock.state_)) {}

void Condition::notify(std::size_t count) {
  state_->check_notify();
  while (count > 0 && state_->wake_next()) --count;
}

void Condition::notify_all() {
  state_->check_notify();
  state_->wake_all();
}

std::string to_string(const Condition& condition) {
  return condition.state_->text();
}

}  // namespace asyncio
