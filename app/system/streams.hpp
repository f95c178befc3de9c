#pragma once

#include <chrono>
#include <string_view>

namespace asyncdemo {

/// The error of a write that was waiting for its reader when the run was interrupted. A part of the
/// text may have been written.
struct WriteInterrupted {};

/// Writes `text` to standard output, in one write(2) if the system takes it whole. Wipes the
/// transient part of the terminal first.
///
/// Throws: std::system_error; WriteInterrupted if a signal or give_up_writing() comes while
///         nothing is read from it.
/// Thread: any.
void write_stdout(std::string_view text);

/// Returns true if a write to standard output has failed.
[[nodiscard]] bool stdout_has_failed() noexcept;

/// While on, aborts writes that wait for their reader, on any thread.
void give_up_writing(bool on) noexcept;

/// Writes `text` to `fd`. Returns 0 or the error number; EINTR where write_stdout() would throw
/// WriteInterrupted.
///
/// Thread: any.
[[nodiscard]] int write_all(int fd, std::string_view text) noexcept;

/// Writes "asyncdemo: `text`" and a newline to standard error. Wipes the transient part of the
/// terminal first. Ignores errors, because they could not be reported anywhere.
///
/// Thread: any.
void complain(std::string_view text) noexcept;

// --- The transient part of the terminal: a progress line, or a live chart ---

/// Shows `line` on standard error until there is other output to the terminal.
void show_transient(std::string_view line) noexcept;

void wipe_transient() noexcept;

/// Sets whether the next write must wipe the terminal from the cursor's line on.
void set_transient(bool shown) noexcept;

/// Returns when write_stdout() or complain() last wrote to the terminal.
[[nodiscard]] std::chrono::steady_clock::time_point last_written() noexcept;

}  // namespace asyncdemo
