#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "values/duration.hpp"

namespace asyncdemo {

/// The time axis of a picture: where a moment lies, in pixels, and how times are written there.
class SvgAxis {
 public:
  /// From 0 to `span`, which may be nothing, on the pixels from `left` to `right`. Its steps are
  /// not finer than `cycle`, as nothing happens in between.
  SvgAxis(Duration span, Duration cycle, double left, double right);

  [[nodiscard]] double left() const noexcept { return left_; }
  [[nodiscard]] double right() const noexcept { return right_; }
  [[nodiscard]] double x(Duration at) const;

  /// A line of the grid; some have no label, so that labels do not touch.
  struct Mark {
    double x;
    std::string label;
  };
  [[nodiscard]] std::vector<Mark> marks(double character_px) const;

  /// With two decimals, in the axis's unit: "5.00 s", "20.00 ms".
  [[nodiscard]] std::string duration(Duration time) const;

 private:
  struct Unit {
    std::string_view name;
    Duration length;
  };
  static Unit unit_for(Duration span);
  [[nodiscard]] std::string number(Duration time) const;

  Duration span_;
  Duration cycle_;
  double left_;
  double right_;
  Unit unit_;
};

/// Seconds for a title, with as many decimals as say something: "5.00", "0.1004".
[[nodiscard]] std::string title_seconds(Duration time);

}  // namespace asyncdemo
