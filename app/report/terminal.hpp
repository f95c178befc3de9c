#pragma once

#include <cstddef>
#include <optional>

namespace asyncdemo {

struct TerminalSize {
  std::size_t columns;
  std::size_t lines;
};

/// How large the terminal is that stdout is; empty: it is none, or does not say.
[[nodiscard]] std::optional<TerminalSize> stdout_size();

[[nodiscard]] bool stdout_is_terminal();

}  // namespace asyncdemo
