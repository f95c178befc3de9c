#pragma once

#include <chrono>
#include <string_view>

namespace asyncdemo {

/// A write that waited for its reader when the run was interrupted. It may have written a part.
struct WriteInterrupted {};

/// Writes `text` to standard output, in one write(2) where the system takes it whole. Wipes what
/// is transient on the terminal.
///
/// Throws: std::system_error; WriteInterrupted when a signal comes, or give_up_writing(), while
///         the reader takes nothing.
/// Thread: any.
void write_stdout(std::string_view text);

/// Whether standard output has refused something.
[[nodiscard]] bool stdout_has_failed() noexcept;

/// While true, a write that waits for its reader ends at once, on any thread.
void give_up_writing(bool on) noexcept;

/// Writes `text` to `fd`. Returns 0, the errno that stopped it, or EINTR as write_stdout()'s
/// WriteInterrupted.
///
/// Thread: any.
[[nodiscard]] int write_all(int fd, std::string_view text) noexcept;

/// Writes "asyncdemo: `text`" and a newline to standard error, after what is transient there has
/// been wiped. What cannot be written there cannot be told anywhere else, so it is dropped.
///
/// Thread: any.
void complain(std::string_view text) noexcept;

// --- What is on the terminal for the moment: a progress line, or a live chart ---

/// Shows `line` on standard error until something else is written to the terminal.
void show_for_the_moment(std::string_view line) noexcept;

void wipe_transient() noexcept;

/// From the cursor's line on there is something that the next write wipes; or there is not.
void set_transient(bool shown) noexcept;

/// When something was last written to the terminal by the functions above.
[[nodiscard]] std::chrono::steady_clock::time_point last_written() noexcept;

}  // namespace asyncdemo
