#pragma once

#include <array>
#include <string_view>

#include "report/svg_canvas.hpp"
#include "run/recording.hpp"

namespace asyncdemo {

/// What the symbols of a picture mean, those that occur in it.
class SvgLegend {
 public:
  void explain(Doing doing) { doings_[static_cast<std::size_t>(doing)] = true; }
  void explain(RowState state);
  void explain_wakes() { wakes_ = true; }

  /// In as many lines as it takes between `left` and `right`, from `y` on. Returns the middle of
  /// the last one.
  double draw(SvgCanvas& canvas, double left, double right, double y) const;

 private:
  std::array<bool, 4> doings_{};
  std::array<bool, 5> states_{};
  bool wakes_ = false;
};

}  // namespace asyncdemo
