#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/shared_state.hpp>
#include <asyncio/detail/task/awaitable.hpp>
#include <asyncio/detail/task/waiter.hpp>
#include <coroutine>
#include <string>
#include <utility>

namespace asyncio::detail {

class EventState final : public Shared<EventState> {
 public:
  [[nodiscard]] bool is_set() const noexcept { return set_; }
  void set() noexcept {
    if (!std::exchange(set_, true)) waiters_.wake_all();
  }
  void clear() noexcept { set_ = false; }
  void enqueue(Waiter& waiter, PromiseBase& leaf) { loop_.wait_in(waiters_, waiter, leaf, *this); }
  [[nodiscard]] std::string text() const;

 private:
  bool set_ = false;
  LoopBinding loop_;
  WaitQueue waiters_;
};

/// An awaiter that waits until an event is set. Its result is true.
class EventAwaiter : public AwaiterTag {
 public:
  EventAwaiter(const Ref<EventState>& event, const char* operation) noexcept
      : event_(*event), waiter_(operation, event.get()) {}

  [[nodiscard]] bool await_ready() const noexcept { return event_.is_set(); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    event_.enqueue(waiter_, leaf.promise());
  }
  bool await_resume() {
    if (!waiter_.has_suspended()) return true;
    waiter_.unlink();
    waiter_.check_cancelled();
    return true;
  }

 private:
  EventState& event_;  // the awaitable keeps it alive
  Waiter waiter_;
};

using EventAwaitable = Awaitable<EventAwaiter, Ref<EventState>, const char*>;

}  // namespace asyncio::detail
