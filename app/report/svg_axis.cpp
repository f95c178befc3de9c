#include "report/svg_axis.hpp"

#include <fmt/format.h>

#include <algorithm>

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

/// `nanoseconds` in units of `unit`, to the nearest of so many decimals.
std::string fixed(std::int64_t nanoseconds, std::int64_t unit, int decimals) {
  std::int64_t scale = 1;
  for (int digit = 0; digit < decimals; ++digit) scale *= 10;
  std::int64_t whole = nanoseconds / unit;
  std::int64_t part = (nanoseconds % unit * scale * 2 + unit) / (unit * 2);
  if (part == scale) {
    ++whole;
    part = 0;
  }
  return decimals == 0 ? fmt::format("{}", whole) : fmt::format("{}.{:0{}}", whole, part, decimals);
}

}  // namespace

SvgAxis::Unit SvgAxis::unit_for(Duration span) {
  if (span >= 1s || span == 0s) return {"s", 1'000'000'000};
  if (span >= 1ms) return {"ms", 1'000'000};
  if (span >= 1us) return {"µs", 1'000};
  return {"ns", 1};
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
  const std::int64_t rest = time.count() % unit_.nanoseconds;
  std::string text = fmt::format("{}", time.count() / unit_.nanoseconds);
  if (rest == 0) return text;
  const auto digits = fmt::format("{}", unit_.nanoseconds).size() - 1;
  text += fmt::format(".{:0{}}", rest, digits);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string SvgAxis::duration(Duration time) const {
  const int decimals = unit_.nanoseconds == 1 ? 0 : 2;
  return fmt::format("{} {}", fixed(time.count(), unit_.nanoseconds, decimals), unit_.name);
}

std::string title_seconds(Duration time) {
  const std::int64_t second = 1'000'000'000;
  if (time >= 1s || time == 0s) return fixed(time.count(), second, 2);
  if (time < 1ms) return short_seconds(time);
  std::string text = fixed(time.count(), second, 4);
  while (text.ends_with('0') && text.size() > std::string_view("0.00").size()) text.pop_back();
  return text;
}

}  // namespace asyncdemo
