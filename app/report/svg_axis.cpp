#include "report/svg_axis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "values/format_time.hpp"

namespace asyncdemo {

using namespace std::chrono_literals;

SvgAxis::SvgAxis(Duration span, Duration cycle, double left, double right)
    : span_(span), cycle_(cycle), left_(left), right_(right), unit_(unit_for(span)) {}

double SvgAxis::x(Duration at) const {
  if (span_ <= Duration::zero()) return left_;
  const double share = static_cast<double>(at.count()) / static_cast<double>(span_.count());
  return left_ + std::clamp(share, 0.0, 1.0) * (right_ - left_);
}

std::vector<SvgAxis::Mark> SvgAxis::marks(double character_px) const {
  const Duration least = cycle_ <= span_ ? cycle_ : 0ns;
  const auto fits = [&](Duration step) { return step >= least && has_few_steps(span_, step); };
  const Duration step = choose_step(least, fits);
  const std::int64_t last = span_ / step;
  const std::string longest = tick_label(last * step, unit_);
  const double step_px = last == 0 ? right_ - left_ : x(step) - left_;
  // Labels count back from the last one, which carries the unit and must be shown.
  const double label_px = static_cast<double>(longest.size() + 2) * character_px;
  const auto every = static_cast<std::int64_t>(label_px / step_px) + 1;
  std::vector<Mark> marks;
  for (std::int64_t index = 0; index <= last; ++index) {
    const Duration at = index * step;
    Mark mark{x(at), {}};
    if ((last - index) % every == 0) mark.label = tick_label(at, unit_);
    if (index == last) mark.label += fmt::format(" {}", unit_.symbol);
    marks.push_back(std::move(mark));
  }
  return marks;
}

std::string SvgAxis::duration(Duration time) const {
  const int decimals = unit_.length == 1ns ? 0 : 2;
  return fmt::format("{} {}", format_time(time, unit_.length, {decimals, decimals}), unit_.symbol);
}

std::string title_seconds(Duration time) {
  if (time >= 1s || time == 0s) return format_time(time, 1s, {2, 2});
  return format_time(time, 1s, time < 1ms ? Decimals{0, 9} : Decimals{2, 4});
}

}  // namespace asyncdemo
