#pragma once

#include <string_view>

namespace asyncdemo {

/// Writes `text` to standard output, in one write(2) where the system takes it whole.
///
/// Throws: std::system_error.
/// Thread: any.
void write_stdout(std::string_view text);

/// Writes `text` to `fd`, in one write(2) where the system takes it whole. Returns 0, or the
/// errno that stopped it.
///
/// Thread: any.
[[nodiscard]] int write_all(int fd, std::string_view text) noexcept;

/// Writes "asyncdemo: `text`" and a newline to standard error. What cannot be written there
/// cannot be told anywhere else, so it is dropped.
///
/// Thread: any.
void complain(std::string_view text) noexcept;

}  // namespace asyncdemo
