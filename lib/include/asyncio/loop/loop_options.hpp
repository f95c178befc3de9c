#pragma once

#include <asyncio/loop/clock.hpp>
#include <asyncio/poll/poller.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace asyncio {

/// How a loop is made.
class LoopOptions {
 public:
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
  /// there is other work. Off by default; costs a system call per turn.
  LoopOptions& strict(bool on) {
    strict_ = on;
    return *this;
  }

 private:
  friend class EventLoop;
  ClockKind clock_ = ClockKind::real;
  std::function<std::unique_ptr<Poller>()> poller_ = [] { return make_poller(); };
  bool strict_ = false;
};

}  // namespace asyncio
