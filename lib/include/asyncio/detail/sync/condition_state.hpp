#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/lock_state.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <asyncio/detail/task/waiter.hpp>
#include <asyncio/task/coroutine.hpp>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio::detail {

/// The type in which a predicate's value is stored.
template <class Predicate>
using PredicateValue = std::decay_t<std::invoke_result_t<Predicate&>>;

class ConditionState final : public Shared<ConditionState> {
 public:
  static constexpr const char* kWait = "Condition.wait()";

  explicit ConditionState(Ref<LockState> lock) noexcept : lock_(std::move(lock)) {}

  [[nodiscard]] const Ref<LockState>& lock() const noexcept { return lock_; }
  void check_notify() const;
  bool wake_next() noexcept { return waiters_.wake_next(); }
  void wake_all() noexcept {
    while (wake_next()) {
    }
  }
  [[nodiscard]] std::string text() const;

  static Coroutine<bool> wait(Ref<ConditionState> self, const char* operation);

  template <class Predicate>
  static Coroutine<PredicateValue<Predicate>> wait_for(Ref<ConditionState> self,
                                                       Predicate predicate) {
    PredicateValue<Predicate> value = std::invoke(predicate);
    while (!value) {
      co_await wait(self, "Condition.wait_for()");
      value = std::invoke(predicate);
    }
    co_return value;
  }

 private:
  void enqueue(Waiter& waiter);

  Ref<LockState> lock_;
  LoopBinding loop_;
  GrantQueue waiters_;
};

}  // namespace asyncio::detail
