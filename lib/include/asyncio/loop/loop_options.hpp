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

/// How a loop is made.
///
/// Thread:   any; a value.
/// Python:   no counterpart; asyncio.Runner takes a loop factory.
class LoopOptions {
 public:
  /// As each function says.
  LoopOptions() = default;

  /// Real time (the default) or virtual time.
  LoopOptions& clock(ClockKind kind) {
    clock_ = kind;
    return *this;
  }
  /// Makes what the loop waits with; the default calls make_poller().
  LoopOptions& poller(std::function<std::unique_ptr<Poller>()> factory) {
    poller_ = std::move(factory);
    return *this;
  }
  /// Looks for I/O in every turn, as CPython does, in place of every 64th or each 20 us while
  /// there is other work; and wakes up for each timer, where those that are less than 20 us apart
  /// would share a wake-up. Off by default; costs a system call per turn.
  LoopOptions& strict(bool on) {
    strict_ = on;
    return *this;
  }
  /// With nothing to do, looks for I/O, posts, signals and timers again and again for up to `span`
  /// before it sleeps. What comes within that time is served without the kernel's sleep and wake,
  /// some 10 us of a round trip: for a few busy connections or a fast hand-over between threads,
  /// and a processor to spare for each such loop. Zero, the default, or less: sleeps at once. No
  /// effect on a virtual clock.
  ///
  /// Cost:     that processor is busy while the loop waits; on one processor with those it waits
  ///           for, it only keeps them from running.
  LoopOptions& busy_poll(Duration span) {
    busy_poll_ = span;
    return *this;
  }
  /// Debug mode: see EventLoop::set_debug(). The default is on if the environment variable
  /// ASYNCIO_DEBUG is set and not empty.
  LoopOptions& debug(bool on) {
    debug_ = on;
    return *this;
  }
  /// Calls `tell`, from a thread of its own, when a callback, or a task between two suspensions,
  /// has held the loop's thread for `limit`, while it still does. The default writes a line to
  /// standard error. Off by default; costs about a microsecond per step.
  LoopOptions& watchdog(Duration limit, std::function<void(const StepReport&)> tell = {}) {
    watchdog_limit_ = limit;
    watchdog_ = std::move(tell);
    return *this;
  }
  /// Tells `observer` what the loop and its tasks do, from the first task on.
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
