#pragma once

#include <chrono>
#include <string_view>

namespace asyncdemo {

/// The error of a write that waited for its reader when the run was interrupted. A part may have
/// been written.
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

/// Aborts writes that wait for their reader, on any thread, while it is on.
void give_up_writing(bool on) noexcept;

/// Writes `text` to `fd`. Returns 0 or the errno that stopped it, which is EINTR in the cases in
/// which write_stdout() throws WriteInterrupted.
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

/// Declares that the next write must wipe the terminal from the cursor's line on, or need not.
void set_transient(bool shown) noexcept;

/// Returns when write_stdout() or complain() last wrote to the terminal.
[[nodiscard]] std::chrono::steady_clock::time_point last_written() noexcept;

}  // namespace asyncdemo
