#pragma once

#include <asyncio/base/unique_fd.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <system_error>

struct pollfd;  // <poll.h>

namespace asyncio {

/// Returns the error of the system call `call` that failed with `code`. The error names the
/// descriptor `fd` unless that is negative.
[[nodiscard]] std::system_error system_call_error(int code, const char* call, int fd = -1);

/// Throws system_call_error() with the code in errno.
///
/// Throws:   std::system_error, always.
[[noreturn]] void throw_errno(const char* call, int fd = -1);

/// The two ends of a pipe.
struct PipeEnds {
  UniqueFd reader;  ///< the end to read from
  UniqueFd writer;  ///< the end to write to
};

/// Opens a pipe. Its ends are non-blocking, and exec() closes them.
///
/// Throws:   std::system_error.
[[nodiscard]] PipeEnds open_pipe();

/// @cond detail
/// Calls ::poll() with a timeout in nanoseconds, which is rounded up to the unit of the system.
/// std::nullopt waits forever. A timeout of more than three weeks may be cut short.
[[nodiscard]] int poll_descriptors(pollfd* first, std::size_t count,
                                   std::optional<std::chrono::nanoseconds> timeout) noexcept;
/// @endcond

/// A scope in which the kernel ends the waits of this thread at most `slack` late. Its end restores
/// the previous setting.
///
/// The kernel may delay every timed wait by the slack, 50 us by default, to end several waits at
/// once. New threads and processes inherit the slack of the thread that starts them, and it becomes
/// their default: see reset_timer_slack().
///
/// The guard has no effect if the platform has no slack or does not allow changing it.
///
/// Thread:   must be created and destroyed in the same thread, the one that it affects.
/// Cost:     two system calls to create, one to destroy.
class TimerSlackGuard {
 public:
  /// Sets the slack.
  explicit TimerSlackGuard(std::chrono::nanoseconds slack = std::chrono::nanoseconds(1)) noexcept;
  TimerSlackGuard(const TimerSlackGuard&) = delete;
  TimerSlackGuard& operator=(const TimerSlackGuard&) = delete;
  /// Restores the previous slack.
  ~TimerSlackGuard();

 private:
  long previous_ns_;  // negative: nothing to restore
};

/// The slack that a process has by default.
inline constexpr std::chrono::nanoseconds kUsualTimerSlack = std::chrono::microseconds(50);

/// Sets the calling thread's slack to kUsualTimerSlack. Call it in a thread that was started under
/// a TimerSlackGuard.
void reset_timer_slack() noexcept;

}  // namespace asyncio
