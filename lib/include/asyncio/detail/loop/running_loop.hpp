#pragma once

#include <asyncio/base/posix.hpp>
#include <optional>

namespace asyncio::detail {

class LoopCore;

/// Returns the loop that runs on this thread, or null.
[[nodiscard]] LoopCore* running_loop() noexcept;

/// Makes `core` this thread's running loop for as long as the scope lives.
class RunningScope {
 public:
  /// With `precise_timers`, the thread's timer slack is 1 ns meanwhile.
  RunningScope(LoopCore& core, bool precise_timers);
  RunningScope(const RunningScope&) = delete;
  RunningScope& operator=(const RunningScope&) = delete;
  ~RunningScope();

 private:
  std::optional<TimerSlackGuard> slack_;
};

/// From now on a forked child runs none of its parent's loops and handles none of their signals.
///
/// Throws:   std::system_error.
/// Cost:     none after the first call.
void detach_forked_children();

}  // namespace asyncio::detail
