#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/event_state.hpp>
#include <string>

namespace asyncio {

/// Something that happens once, or again after clear(), and that any number of tasks wait for.
///
/// Thread:   its loop's thread only: the loop on which somebody first has to wait.
/// Lifetime: must be alive where it is called; who waits may outlive it.
/// Python:   asyncio.Event.
class Event {
 public:
  /// Not set.
  Event() : state_(new detail::EventState) {}
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
  [[nodiscard]] detail::EventAwaitable wait() {
    return detail::EventAwaitable(state_, "Event.wait()");
  }

  /// Sets it, and wakes all who wait. Nothing if it is set.
  ///
  /// Cost:     linear in how many wait.
  void set() noexcept { state_->set(); }
  /// Takes it back.
  void clear() noexcept { state_->clear(); }
  /// Whether it is set.
  [[nodiscard]] bool is_set() const noexcept { return state_->is_set(); }

  /// "<Event [unset, waiters:2]>"
  friend std::string to_string(const Event& event) { return event.state_->text(); }

 private:
  detail::Ref<detail::EventState> state_;
};

}  // namespace asyncio
