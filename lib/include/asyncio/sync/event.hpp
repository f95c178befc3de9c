#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/event_state.hpp>
#include <string>

namespace asyncio {

/// A flag that any number of tasks can wait for. It can be cleared and set again.
///
/// Thread:   its loop's thread only. Its loop is the first one on which a task has to wait.
/// Lifetime: must be alive when it is called; waiting tasks may outlive it.
/// Python:   asyncio.Event.
class Event {
 public:
  /// Creates an event that is not set.
  Event() : state_(new detail::EventState) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() = default;

  /// Waits until the event is set and returns true. Does not suspend if it is set already.
  ///
  /// Throws:   RuntimeError if the task has to wait on a loop other than the event's.
  /// Resumes:  in the turn after set(), all tasks in the order in which they began to wait, even if
  ///           clear() follows at once.
  /// Cancel:   ends the wait.
  /// Cost:     no coroutine, no allocation.
  [[nodiscard]] detail::EventAwaitable wait() {
    return detail::EventAwaitable(state_, "Event.wait()");
  }

  /// Sets the event and wakes all waiting tasks. Has no effect if it is set already.
  ///
  /// Cost:     linear in the number of waiting tasks.
  void set() noexcept { state_->set(); }
  /// Clears the event.
  void clear() noexcept { state_->clear(); }
  /// Returns whether the event is set.
  [[nodiscard]] bool is_set() const noexcept { return state_->is_set(); }

  /// Formats the state: "<Event [unset, waiters:2]>".
  friend std::string to_string(const Event& event) { return event.state_->text(); }

 private:
  detail::Ref<detail::EventState> state_;
};

}  // namespace asyncio
