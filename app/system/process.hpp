#pragma once

namespace asyncdemo {

/// The tool's own exit codes. For a signal it is 128 + the signal's number.
enum ExitCode : int { kSuccess = 0, kFailure = 1, kUsage = 2, kCheckFailed = 3 };

/// Sets up what the tool relies on, whatever the parent process left behind: SIGPIPE ends the
/// process when its reader goes away, and a closed standard stream does not become one of the
/// loop's own descriptors.
///
/// REQUIRES: no other descriptor has been opened yet.
void prepare_process();

/// Records the first SIGINT or SIGTERM instead of letting it end the process; a second one ends it.
/// Leaves a signal alone if the process was started with it ignored. A run has its own handlers.
void record_signals();
/// Returns the signal that has come, or 0.
[[nodiscard]] int recorded_signal();

/// Makes SIGINT and SIGTERM end the process at once.
void restore_default_signals();
/// Returns true if the process was started with `signo` ignored, which should stay so.
[[nodiscard]] bool is_ignored(int signo);

/// Ends the process by `signo`, so that its parent sees the cause. Returns the exit code for that
/// signal if the signal is blocked.
[[nodiscard]] int end_by_signal(int signo);

}  // namespace asyncdemo
