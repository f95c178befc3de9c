#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace asyncdemo {

/// Erases the line of the cursor and all below it.
inline constexpr std::string_view kErase = "\r\x1b[J";

struct TerminalSize {
  std::size_t columns;
  std::size_t lines;
};

/// How large the terminal is that `fd` is; empty: it is none, or does not say.
[[nodiscard]] std::optional<TerminalSize> terminal_size(int fd);

[[nodiscard]] bool is_terminal(int fd);

/// Why nothing can be redrawn there: "is not a terminal"; empty: it can.
[[nodiscard]] std::string obstacle_to_redrawing(int fd);

}  // namespace asyncdemo
