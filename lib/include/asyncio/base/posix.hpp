#pragma once

#include <asyncio/base/unique_fd.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <system_error>

struct pollfd;  // <poll.h>

namespace asyncio {

/// The error `code` of the system call `call`, on descriptor `fd` unless that is negative.
[[nodiscard]] std::system_error system_call_error(int code, const char* call, int fd = -1);

/// Throws that error, for the code in errno.
///
/// Throws:   std::system_error, always.
[[noreturn]] void throw_errno(const char* call, int fd = -1);

/// Both ends of a pipe.
struct PipeEnds {
  UniqueFd reader;  ///< what is written comes out here
  UniqueFd writer;  ///< the end to write to
};

/// Opens a pipe whose ends do not block, and are closed by exec().
///
/// Throws:   std::system_error.
[[nodiscard]] PipeEnds open_pipe();

/// @cond detail
/// ::poll() with a timeout in nanoseconds, rounded up to what the system counts; std::nullopt
/// waits for ever. One of more than three weeks may be cut short.
[[nodiscard]] int poll_descriptors(pollfd* first, std::size_t count,
                                   std::optional<std::chrono::nanoseconds> timeout) noexcept;
/// @endcond

/// Lets the kernel end this thread's waits at most `slack` late for as long as it lives, then
/// restores what was set before.
///
/// The kernel may delay every timed wait by the slack, 50 us by default, so that it can end
/// several of them at once. Threads and processes inherit the slack of the thread that starts
/// them, as their default too: see reset_timer_slack().
///
/// Does nothing where the platform knows no slack, or does not let it be changed.
///
/// Thread:   made and destroyed in one thread, which is the one it applies to.
/// Cost:     two system calls to make, one to destroy.
class TimerSlackGuard {
 public:
  /// Sets it.
  explicit TimerSlackGuard(std::chrono::nanoseconds slack = std::chrono::nanoseconds(1)) noexcept;
  TimerSlackGuard(const TimerSlackGuard&) = delete;
  TimerSlackGuard& operator=(const TimerSlackGuard&) = delete;
  /// Puts the one before back.
  ~TimerSlackGuard();

 private:
  long previous_ns_;  // negative: nothing to restore
};

/// The slack with which a process begins unless somebody has chosen another.
inline constexpr std::chrono::nanoseconds kUsualTimerSlack = std::chrono::microseconds(50);

/// Gives the calling thread the usual slack, for a thread started under a TimerSlackGuard.
void reset_timer_slack() noexcept;

}  // namespace asyncio
