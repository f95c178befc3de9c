#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace asyncdemo {

/// The control sequence that erases the cursor's line and all below it.
inline constexpr std::string_view kErase = "\r\x1b[J";

struct TerminalSize {
  std::size_t columns;
  std::size_t lines;
};

/// The size to assume if a terminal does not report its own.
inline constexpr TerminalSize kUsualSize{80, 24};

/// Returns the size of the terminal `fd`, or nothing if `fd` is no terminal or does not report it.
[[nodiscard]] std::optional<TerminalSize> terminal_size(int fd);

[[nodiscard]] bool is_terminal(int fd);

/// Returns why `fd` cannot be redrawn ("is not a terminal"), or nothing if it can.
[[nodiscard]] std::string obstacle_to_redrawing(int fd);

}  // namespace asyncdemo
