#include "report/svg_axis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "values/format_time.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMostSteps = 12;

/// The smallest of 1, 2, 5, 10, 20, ... nanoseconds that divides `span` into few enough steps,
/// none below `least`.
std::int64_t step_for(std::int64_t span, std::int64_t least) {
  for (std::int64_t power = 1;; power *= 10) {
    for (const std::int64_t step : {power, 2 * power, 5 * power}) {
      if (step < least) continue;
      if (span / step < kMostSteps || (span / step == kMostSteps && span % step == 0)) return step;
    }
  }
}

}  // namespace

SvgAxis::Unit SvgAxis::unit_for(Duration span) {
  if (span >= 1s || span == 0s) return {"s", 1s};
  if (span >= 1ms) return {"ms", 1ms};
  if (span >= 1us) return {"µs", 1us};
  return {"ns", 1ns};
}

SvgAxis::SvgAxis(Duration span, Duration cycle, double left, double right)
    : span_(span), cycle_(cycle), left_(left), right_(right), unit_(unit_for(span)) {}

double SvgAxis::x(Duration at) const {
  if (span_ <= Duration::zero()) return left_;
  const double share = static_cast<double>(at.count()) / static_cast<double>(span_.count());
  return left_ + std::clamp(share, 0.0, 1.0) * (right_ - left_);
}

std::vector<SvgAxis::Mark> SvgAxis::marks(double character_px) const {
  const std::int64_t step = step_for(span_.count(), cycle_ <= span_ ? cycle_.count() : 0);
  const std::int64_t last = span_.count() / step;
  const std::string longest = number(Duration{last * step});
  const double step_px = last == 0 ? right_ - left_ : x(Duration{step}) - left_;
  // The last label carries the unit and must be shown, so that labels count from there.
  const double label_px = static_cast<double>(longest.size() + 2) * character_px;
  const auto every = static_cast<std::int64_t>(label_px / step_px) + 1;
  std::vector<Mark> marks;
  for (std::int64_t index = 0; index <= last; ++index) {
    const Duration at{index * step};
    Mark mark{x(at), {}};
    if ((last - index) % every == 0) mark.label = number(at);
    if (index == last) mark.label += fmt::format(" {}", unit_.name);
    marks.push_back(std::move(mark));
  }
  return marks;
}

std::string SvgAxis::number(Duration time) const {
  return format_time(time, unit_.length, {0, 9});
}

std::string SvgAxis::duration(Duration time) const {
  const int decimals = unit_.length == 1ns ? 0 : 2;
  return fmt::format("{} {}", format_time(time, unit_.length, {decimals, decimals}), unit_.name);
}

std::string title_seconds(Duration time) {
  if (time >= 1s || time == 0s) return format_time(time, 1s, {2, 2});
  return format_time(time, 1s, time < 1ms ? Decimals{0, 9} : Decimals{2, 4});
}

}  // namespace asyncdemo
