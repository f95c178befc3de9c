#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "values/duration.hpp"

namespace asyncdemo {

/// The time axis of a chart of characters. All of it is integer arithmetic, so that on the
/// virtual clock a wake falls exactly under its label.
class Axis {
 public:
  /// From 0 to `extent`, in at most `columns` columns, which are 8 or more. `interval`: how long
  /// a cycle is, so that a step need not be shorter.
  ///
  /// Ends at the last whole step where `extent` is less than a column later.
  Axis(Duration extent, Duration interval, std::size_t columns);

  [[nodiscard]] std::size_t columns() const noexcept { return intervals_ + 1; }
  [[nodiscard]] std::size_t column_of(Duration time) const;
  /// Whether each of `count` equal parts of `time` has two columns.
  [[nodiscard]] bool has_room_for(std::uint64_t count, Duration time) const;

  /// "0   1   2s", in at most `room` columns: a label that would touch another is left out, the
  /// last one never.
  [[nodiscard]] std::string labels(std::size_t room) const;

 private:
  bool try_step(Duration extent, std::int64_t step, std::size_t columns);

  std::int64_t step_ = 1;      // nanoseconds
  std::size_t steps_ = 0;      // 0: there is only one column
  std::size_t intervals_ = 0;  // between the columns, over all steps
};

}  // namespace asyncdemo
