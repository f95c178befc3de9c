#pragma once

#include <asyncio/base/intrusive.hpp>
#include <asyncio/sync/shared_state.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/task_state.hpp>
#include <asyncio/task/waiter.hpp>
#include <coroutine>
#include <string>
#include <utility>

namespace asyncio {

namespace detail {
class EventState;
class EventAwaitable;
}  // namespace detail

/// Something that happens once, or again after clear(), and that any number of tasks wait for.
///
/// Thread:   its loop's thread only: the loop on which somebody first has to wait.
/// Lifetime: must be alive where it is called; who waits may outlive it.
/// Python:   asyncio.Event.
class Event {
 public:
  /// Not set.
  Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() = default;

  /// Suspends until it is set; not at all if it is. Gives true.
  ///
  /// Throws:   RuntimeError if it has to wait on another loop than others have waited on.
  /// Resumes:  in the turn after set(), all in the order of their waiting, even if clear()
  ///           follows at once.
  /// Cancel:   ends the wait.
  /// Cost:     no coroutine, no allocation.
  [[nodiscard]] detail::EventAwaitable wait();

  /// Sets it, and wakes all who wait. Nothing if it is set.
  ///
  /// Cost:     linear in how many wait.
  void set() noexcept;
  /// Takes it back.
  void clear() noexcept;
  /// Whether it is set.
  [[nodiscard]] bool is_set() const noexcept;

  /// "<Event [unset, waiters:2]>"
  friend std::string to_string(const Event& event);

 private:
  detail::Ref<detail::EventState> state_;
};

// ----------------------------------------------------------------------------------------

namespace detail {

class EventState final : public Shared<EventState> {
 public:
  [[nodiscard]] bool is_set() const noexcept { return set_; }
  void set() noexcept {
    if (!std::exchange(set_, true)) waiters_.wake_all();
  }
  void clear() noexcept { set_ = false; }
  void begin_wait(Waiter& waiter, PromiseBase& leaf);
  static void end_wait(Waiter& waiter) {
    waiter.unlink();
    waiter.check_cancelled();
  }
  [[nodiscard]] std::string text() const;

 private:
  bool set_ = false;
  LoopBound loop_;
  WaiterLine waiters_;
};

class EventAwaiter : public AwaiterTag {
 public:
  EventAwaiter(EventState& event, const char* what) noexcept : event_(event), waiter_(what) {}

  [[nodiscard]] bool await_ready() const noexcept { return event_.is_set(); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> leaf) {
    event_.begin_wait(waiter_, leaf.promise());
  }
  bool await_resume() {
    if (waiter_.has_waited()) EventState::end_wait(waiter_);
    return true;
  }

 private:
  EventState& event_;  // the awaitable keeps it alive
  PlainWaiter waiter_;
};

/// What Event::wait() returns.
class [[nodiscard("co_await it")]] EventAwaitable {
 public:
  using value_type = bool;
  EventAwaitable(Ref<EventState> event, const char* what) noexcept
      : event_(std::move(event)), what_(what) {}
  auto operator co_await() const noexcept { return EventAwaiter(*event_, what_); }

 private:
  Ref<EventState> event_;
  const char* what_;
};

}  // namespace detail

inline detail::EventAwaitable Event::wait() {
  return {state_, "Event.wait()"};
}
inline void Event::set() noexcept {
  state_->set();
}
inline void Event::clear() noexcept {
  state_->clear();
}
inline bool Event::is_set() const noexcept {
  return state_->is_set();
}

}  // namespace asyncio
