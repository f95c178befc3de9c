#pragma once

#include <asyncio/base/posix.hpp>
#include <optional>

namespace asyncio::detail {

class LoopCore;

/// Returns the loop that is running on this thread, or null.
[[nodiscard]] LoopCore* running_loop() noexcept;

/// A scope in which `core` is this thread's running loop.
class RunningScope {
 public:
  /// Begins the scope. With `precise_timers`, the thread's timer slack is 1 ns until its end.
  RunningScope(LoopCore& core, bool precise_timers);
  RunningScope(const RunningScope&) = delete;
  RunningScope& operator=(const RunningScope&) = delete;
  ~RunningScope();

 private:
  std::optional<TimerSlackGuard> slack_;
};

/// Makes sure that children forked from now on neither run this process's loops nor handle signals
/// for them.
///
/// Throws:   std::system_error.
/// Cost:     none after the first call.
void detach_forked_children();

}  // namespace asyncio::detail
