#pragma once

#include <string>
#include <vector>

#include "report/ticks.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// The time axis of a picture: maps times to pixels and writes them.
class SvgAxis {
 public:
  /// Maps the times from 0 to `span`, which may be zero, to the pixels from `left` to `right`.
  /// Steps are not shorter than `cycle`, because nothing happens within a cycle.
  SvgAxis(Duration span, Duration cycle, double left, double right);

  [[nodiscard]] double left() const noexcept { return left_; }
  [[nodiscard]] double right() const noexcept { return right_; }
  [[nodiscard]] double x(Duration at) const;

  /// A line of the grid. The label may be empty, so that labels do not touch.
  struct Mark {
    double x;
    std::string label;
  };
  [[nodiscard]] std::vector<Mark> marks(double character_px) const;

  /// Writes a duration with two decimals, in the axis's unit: "5.00 s", "20.00 ms".
  [[nodiscard]] std::string duration(Duration time) const;

 private:
  Duration span_;
  Duration cycle_;
  double left_;
  double right_;
  TimeUnit unit_;
};

/// Writes seconds for a title, with as many decimals as they need: "5.00", "0.1004".
[[nodiscard]] std::string title_seconds(Duration time);

}  // namespace asyncdemo
