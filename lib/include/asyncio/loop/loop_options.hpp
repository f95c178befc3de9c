#pragma once

#include <asyncio/base/observer.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/loop/clock.hpp>
#include <asyncio/loop/step_report.hpp>
#include <asyncio/poll/poller.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace asyncio {

namespace detail {
class LoopCore;
}

/// The options for creating a loop.
///
/// Thread:   any; a value.
/// Python:   no counterpart; asyncio.Runner takes a loop factory.
class LoopOptions {
 public:
  /// Creates the default options; the functions below name them.
  LoopOptions() = default;

  /// Selects real time (the default) or virtual time.
  LoopOptions& clock(ClockKind kind) {
    clock_ = kind;
    return *this;
  }
  /// Sets the function that creates the loop's poller. The default calls make_poller().
  LoopOptions& poller(std::function<std::unique_ptr<Poller>()> factory) {
    poller_ = std::move(factory);
    return *this;
  }
  /// Makes the loop poll for I/O in every turn, as CPython does, and wake up for each timer.
  /// Otherwise, a loop with other work polls for I/O every 64 turns or 20 us, and timers less than
  /// 20 us apart share a wake-up. Off by default.
  ///
  /// Cost:     a system call per turn.
  LoopOptions& strict(bool on) {
    strict_ = on;
    return *this;
  }
  /// Makes an idle loop check for I/O, posts, signals and timers again and again for up to `span`
  /// before it sleeps. Events in that time are handled without the kernel's sleep and wake-up,
  /// which take about 10 us of a round trip. Suits a few busy connections, or a fast hand-over
  /// between threads, with a processor to spare for each such loop. With zero (the default) or
  /// less, the loop sleeps at once. Has no effect on a virtual clock.
  ///
  /// Cost:     keeps a processor busy while the loop waits. If the loop shares its only processor
  ///           with the threads that it waits for, it just keeps them from running.
  LoopOptions& busy_poll(Duration span) {
    busy_poll_ = span;
    return *this;
  }
  /// Turns debug mode on or off: see EventLoop::set_debug(). By default, it is on if the
  /// environment variable ASYNCIO_DEBUG is set and not empty.
  LoopOptions& debug(bool on) {
    debug_ = on;
    return *this;
  }
  /// Sets a watchdog. It calls `tell`, on a thread of its own, when a callback or a task step has
  /// held the loop's thread for `limit` and still holds it. An empty `tell` writes a line to
  /// standard error. There is no watchdog by default.
  ///
  /// Cost:     about a microsecond per step.
  LoopOptions& watchdog(Duration limit, std::function<void(const StepReport&)> tell = {}) {
    watchdog_limit_ = limit;
    watchdog_ = std::move(tell);
    return *this;
  }
  /// Attaches `observer`, which follows the loop and its tasks from the first task on.
  LoopOptions& observer(Observer& observer) {
    observer_ = &observer;
    return *this;
  }

 private:
  friend class detail::LoopCore;
  ClockKind clock_ = ClockKind::real;
  std::function<std::unique_ptr<Poller>()> poller_ = [] { return make_poller(); };
  bool strict_ = false;
  Duration busy_poll_{};
  std::optional<bool> debug_;
  std::optional<Duration> watchdog_limit_;
  std::function<void(const StepReport&)> watchdog_;
  Observer* observer_ = nullptr;
};

}  // namespace asyncio
