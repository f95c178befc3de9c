#include <asyncio/sync/condition.hpp>

namespace asyncio {

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

}  // namespace asyncio
