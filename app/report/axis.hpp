#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "report/ticks.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// The time axis of a chart made of characters. Uses integer arithmetic only, so that on the
/// virtual clock a wake falls exactly under its label.
class Axis {
 public:
  /// Spans 0 to `extent` in at most `columns` columns; `columns` must be 8 or more. `interval` is
  /// the length of a cycle: steps are not made much shorter than that.
  ///
  /// Ends at the last whole step if `extent` is less than a column past it.
  Axis(Duration extent, Duration interval, std::size_t columns);

  [[nodiscard]] std::size_t columns() const noexcept { return intervals_ + 1; }
  [[nodiscard]] std::size_t column_of(Duration time) const;
  /// Returns true if each of `count` equal parts of `time` has at least two columns.
  [[nodiscard]] bool has_room_for(std::uint64_t count, Duration time) const;

  /// Returns the line of labels, "0   1   2s", in at most `room` columns. Labels that would touch
  /// another are left out, except the last.
  [[nodiscard]] std::string labels(std::size_t room) const;

 private:
  /// Sets the numbers of steps and intervals. Returns false if there are too many steps.
  bool try_step(Duration step, Duration extent, std::size_t columns);

  Duration step_{0};
  std::size_t steps_ = 0;      // 0: there is only one column
  std::size_t intervals_ = 0;  // between the columns, over all steps
};

}  // namespace asyncdemo
