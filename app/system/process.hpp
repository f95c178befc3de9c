#pragma once

namespace asyncdemo {

/// The exit codes that are the tool's own; a signal's is 128 + its number.
enum ExitCode : int { kSuccess = 0, kFailure = 1, kUsage = 2, kCheckFailed = 3 };

/// Makes the process what the tool takes for granted, whatever its parent left it: a reader
/// that goes away ends it by SIGPIPE, and a standard stream that is closed does not become
/// one of the loop's own descriptors.
///
/// REQUIRES: no other descriptor has been opened yet.
void prepare_process();

/// From now on the first SIGINT or SIGTERM is only recorded, unless the process was started with
/// it ignored; the second one ends it. A run has handlers of its own meanwhile.
void record_signals();
/// The one that has come, or 0.
[[nodiscard]] int recorded_signal();

/// Lets SIGINT and SIGTERM end the process at once.
void restore_default_signals();
/// Whether the process was started with `signo` ignored, and should leave that so.
[[nodiscard]] bool is_ignored(int signo);

/// Ends the process by `signo`, so that its parent sees what stopped it. Returns the exit
/// code that stands for it where the signal is blocked.
[[nodiscard]] int end_by_signal(int signo);

}  // namespace asyncdemo
