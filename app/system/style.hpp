#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace asyncdemo {

/// How charts are drawn.
struct ChartStyle {
  std::size_t width = 80;  ///< columns, at least 40
  bool ascii = false;
  bool color = false;
  std::size_t rows = 20;  ///< drawn at most, and no more than are recorded; the rest is folded
};

/// `--color`.
enum class ColorChoice { automatic, always, never };

/// The style that options, environment and terminal give.
///
/// Width: the option, the terminal, COLUMNS, 80; never less than 40. Colour: the option,
/// NO_COLOR, FORCE_COLOR (0: none), TERM=dumb, whether stdout is a terminal. ASCII: the option, or
/// a character set that is not UTF-8.
[[nodiscard]] ChartStyle choose_style(std::optional<int> width, bool ascii, ColorChoice color);

}  // namespace asyncdemo
