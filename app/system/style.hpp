#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace asyncdemo {

/// The style of charts.
struct ChartStyle {
  std::size_t width = 80;  ///< columns, at least 40
  bool ascii = false;
  bool color = false;
  std::size_t rows = 20;  ///< the most that are drawn; the rest are folded
};

/// The values of `--color`.
enum class ColorChoice { automatic, always, never };

/// Chooses the style. For each property, the first of these that is set decides.
///
/// Width: the option, the terminal, COLUMNS, 80; never less than 40. Colour: the option,
/// NO_COLOR, FORCE_COLOR (0: none), TERM=dumb, whether stdout is a terminal. ASCII: the option, or
/// a character set that is not UTF-8.
[[nodiscard]] ChartStyle choose_style(std::optional<int> width, bool ascii, ColorChoice color);

}  // namespace asyncdemo
