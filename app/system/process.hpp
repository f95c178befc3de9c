#pragma once

namespace asyncdemo {

/// The tool's own exit codes. A signal's exit code is 128 + its number.
enum ExitCode : int { kSuccess = 0, kFailure = 1, kUsage = 2, kCheckFailed = 3 };

/// Gives the process a known state, whatever it inherited: SIGPIPE ends it when its reader goes
/// away, and a closed standard stream does not become one of the loop's own descriptors.
///
/// REQUIRES: no other descriptor has been opened yet.
void prepare_process();

/// Records the first SIGINT or SIGTERM instead of letting it end the process; a second one ends it.
/// Leaves a signal alone if the process was started with it ignored. A run has its own handlers.
void record_signals();
/// Returns the recorded signal, or 0.
[[nodiscard]] int recorded_signal();

/// Makes SIGINT and SIGTERM end the process at once.
void restore_default_signals();
/// Returns true if the process was started with `signo` ignored, which should stay so.
[[nodiscard]] bool is_ignored(int signo);

/// Ends the process by `signo`, so that its parent sees the cause. If the signal is blocked,
/// returns its exit code.
[[nodiscard]] int end_by_signal(int signo);

}  // namespace asyncdemo
