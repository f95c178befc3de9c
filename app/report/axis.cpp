#include "report/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace asyncdemo {
namespace {

__extension__ using Wide = __int128;

constexpr std::size_t kMostSteps = 12;
constexpr std::size_t kMostColumnsOfStep = 4;
constexpr std::size_t kLeastColumnsOfStep = 2;

struct Unit {
  std::int64_t nanoseconds;
  std::string_view name;
};

Unit unit_for(Wide end) {
  for (const Unit unit : {Unit{1'000'000'000, "s"}, Unit{1'000'000, "ms"}, Unit{1'000, "us"}}) {
    if (end >= unit.nanoseconds) return unit;
  }
  return {1, "ns"};
}

/// "1.5": with the one decimal that a step of at least a twelfth can need.
std::string label_of(Wide time, Unit unit) {
  std::string label = fmt::format("{}", static_cast<std::uint64_t>(time / unit.nanoseconds));
  const auto tenths = static_cast<int>(time % unit.nanoseconds * 10 / unit.nanoseconds);
  if (tenths != 0) label += fmt::format(".{}", tenths);
  return label;
}

/// How many steps of `columns` columns each hold `extent` and what is left of its last column.
std::size_t steps_for(Duration extent, std::int64_t step, std::size_t columns) {
  const auto needed = static_cast<std::size_t>(Wide{extent.count()} * Wide(columns) / step);
  return (needed + columns - 1) / columns;
}

/// The step after `step` in 1, 2, 5, 10, ...; `first` is its first digit.
std::int64_t next_step(std::int64_t step, int& first) {
  if (first == 2) {
    first = 5;
    return step / 2 * 5;
  }
  first = first == 1 ? 2 : 1;
  return step * 2;
}

}  // namespace

Axis::Axis(Duration extent, Duration interval, std::size_t columns) {
  // Nothing happens between the cycles: no step is finer, but for its own rounding.
  const std::int64_t least = std::min(extent, interval).count();
  int first = 1;
  std::int64_t step = 1;
  for (int digit = first;; first = digit) {
    const std::int64_t next = next_step(step, digit);
    if (next > least) break;
    step = next;
  }
  while (!try_step(extent, step, columns)) step = next_step(step, first);
}

bool Axis::try_step(Duration extent, std::int64_t step, std::size_t columns) {
  step_ = step;
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
  const Wide column = Wide{time.count()} * Wide(intervals_) / (Wide{step_} * Wide(steps_));
  return column < Wide(intervals_) ? static_cast<std::size_t>(column) : intervals_;
}

bool Axis::has_room_for(std::uint64_t count, Duration time) const {
  if (steps_ == 0) return false;
  const Wide columns = Wide{time.count()} * Wide(intervals_) / (Wide{step_} * Wide(steps_));
  return columns >= Wide{2} * Wide(count);
}

std::string Axis::labels(std::size_t room) const {
  if (steps_ == 0) return "0s";
  const Unit unit = unit_for(Wide{step_} * Wide(steps_));
  std::string last = label_of(Wide{step_} * Wide(steps_), unit);
  last += unit.name;
  const std::size_t start_of_last = std::min(intervals_, room - std::min(room, last.size()));

  std::string line;
  for (std::size_t step = 0; step < steps_; ++step) {
    const std::string label = label_of(Wide{step_} * Wide(step), unit);
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
