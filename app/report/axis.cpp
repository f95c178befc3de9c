#include "report/axis.hpp"

#include <algorithm>

namespace asyncdemo {
namespace {

__extension__ using Wide = __int128;

constexpr std::size_t kMostColumnsOfStep = 4;
constexpr std::size_t kLeastColumnsOfStep = 2;

/// Returns how many steps, each `columns` wide, cover `extent`. Ignores a remainder of less than a
/// column.
std::size_t steps_for(Duration extent, Duration step, std::size_t columns) {
  const auto needed = static_cast<std::size_t>(Wide{extent.count()} * Wide(columns) / step.count());
  return (needed + columns - 1) / columns;
}

}  // namespace

Axis::Axis(Duration extent, Duration interval, std::size_t columns) {
  step_ = choose_step(std::min(extent, interval),
                      [&](Duration step) { return try_step(step, extent, columns); });
}

bool Axis::try_step(Duration step, Duration extent, std::size_t columns) {
  for (std::size_t width = kMostColumnsOfStep; width >= kLeastColumnsOfStep; --width) {
    steps_ = steps_for(extent, step, width);
    intervals_ = steps_ * width;
    if (steps_ <= kMostSteps && intervals_ < columns) return true;
  }
  intervals_ = columns - 1;
  return steps_ <= kMostSteps;
}

std::size_t Axis::column_of(Duration time) const {
  if (steps_ == 0) return 0;
  const Wide end = Wide{step_.count()} * Wide(steps_);
  const Wide column = Wide{time.count()} * Wide(intervals_) / end;
  return column < Wide(intervals_) ? static_cast<std::size_t>(column) : intervals_;
}

bool Axis::has_room_for(std::uint64_t count, Duration time) const {
  if (steps_ == 0) return false;
  const Wide end = Wide{step_.count()} * Wide(steps_);
  return Wide{time.count()} * Wide(intervals_) / end >= Wide{2} * Wide(count);
}

std::string Axis::labels(std::size_t room) const {
  const Duration end = step_ * steps_;
  const TimeUnit unit = unit_for(end);
  std::string last = tick_label(end, unit);
  last += unit.name;
  const std::size_t start_of_last = std::min(intervals_, room - std::min(room, last.size()));

  std::string line;
  for (std::size_t step = 0; step < steps_; ++step) {
    const std::string label = tick_label(step_ * step, unit);
    const std::size_t column = intervals_ * step / steps_;
    const bool touches_one = !line.empty() && column <= line.size();
    if (touches_one || column + label.size() >= start_of_last) continue;
    line.resize(column, ' ');
    line += label;
  }
  line.resize(start_of_last, ' ');
  line += last;
  return line;
}

}  // namespace asyncdemo
