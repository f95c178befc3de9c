#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/waiter.hpp>
#include <asyncio/sync/guard.hpp>
#include <coroutine>

namespace asyncio::detail {

/// An awaiter that acquires a lock or a permit, or waits for it, without a coroutine of its own.
/// Its result is true.
template <class State>
class AcquireAwaiter : public AwaiterTag {
 public:
  AcquireAwaiter(const Ref<State>& state, const char* operation) noexcept
      : state_(*state), waiter_(operation, state.get()) {}

  bool await_ready() noexcept { return state_.try_acquire(); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    state_.enqueue(waiter_, leaf.promise());
  }
  bool await_resume() {
    if (waiter_.has_suspended()) state_.finish_acquire(waiter_);
    return true;
  }

 protected:
  State& state_;  // the awaitable keeps it alive

 private:
  Waiter waiter_;
};

/// An AcquireAwaiter whose result is a Guard.
template <class State>
class ScopedAwaiter final : public AcquireAwaiter<State> {
 public:
  using AcquireAwaiter<State>::AcquireAwaiter;
  [[nodiscard]] Guard<State> await_resume() {
    (void)AcquireAwaiter<State>::await_resume();
    return Guard<State>(Ref<State>(&this->state_));
  }
};

template <class State>
using AcquireAwaitable = Awaitable<AcquireAwaiter<State>, Ref<State>, const char*>;
template <class State>
using ScopedAwaitable = Awaitable<ScopedAwaiter<State>, Ref<State>, const char*>;

}  // namespace asyncio::detail
