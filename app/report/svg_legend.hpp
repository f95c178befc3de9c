#pragma once

#include <array>
#include <string_view>

#include "report/svg_canvas.hpp"
#include "run/recording.hpp"

namespace asyncdemo {

/// The legend of a picture, with the symbols that occur in it.
class SvgLegend {
 public:
  void explain(Doing doing) { doings_[static_cast<std::size_t>(doing)] = true; }
  void explain(RowState state);
  void explain_wakes() { wakes_ = true; }

  /// Draws the legend between `left` and `right`, from `y` down, in as many lines as it needs.
  /// Returns the middle of the last line.
  double draw(SvgCanvas& canvas, double left, double right, double y) const;

 private:
  std::array<bool, 4> doings_{};
  std::array<bool, 5> states_{};
  bool wakes_ = false;
};

}  // namespace asyncdemo
