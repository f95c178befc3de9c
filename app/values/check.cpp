#include "values/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

constexpr int kWholeInThousandths = 100 * 1'000;
constexpr int kMostPercent = 1'000;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Returns the number, or `limit` + 1 if it is greater than `limit`.
int bounded(std::string_view digits, int limit) {
  int value = 0;
  for (const char c : digits) value = std::min(value * 10 + (c - '0'), limit + 1);
  return value;
}

int parse_percent(std::string_view text) {
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  std::string fraction{dot == std::string_view::npos ? "0" : text.substr(dot + 1)};
  if (!is_digits(whole) || !is_digits(fraction)) {
    throw std::invalid_argument("is not a duration or a percentage (examples: 250ms, 5%)");
  }
  if (fraction.size() > 3) throw std::invalid_argument("has more than three decimals");
  fraction.resize(3, '0');
  const int thousandths = bounded(whole, kMostPercent) * 1'000 + bounded(fraction, 999);
  if (thousandths > kMostPercent * 1'000) throw std::invalid_argument("is more than 1000%");
  return thousandths;
}

}  // namespace

Tolerance Tolerance::parse(std::string_view text) {
  Tolerance tolerance;
  if (text.ends_with('%')) {
    text.remove_suffix(1);
    tolerance.thousandths_of_percent_ = parse_percent(text);
  } else {
    tolerance.fixed_ = parse_short_duration(text);
  }
  return tolerance;
}

Duration Tolerance::of(Duration expected) const {
  if (fixed_) return *fixed_;
  // Divide first, so that nothing overflows; add the remainder's share separately.
  const Duration wholes = times(thousandths_of_percent_, expected / kWholeInThousandths);
  const Duration rest = expected % kWholeInThousandths * thousandths_of_percent_;
  return std::max<Duration>(plus(wholes, rest / kWholeInThousandths), 1ms);
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::none:
      return "none";
    case Verdict::ok:
      return "ok";
    case Verdict::failed:
      return "failed";
    case Verdict::interrupted:
      return "interrupted";
    case Verdict::early:
      return "early";
    case Verdict::late:
      return "late";
    case Verdict::timer_late:
      return "timer-late";
  }
  return "";
}

Verdict judge(const Check& check, Duration elapsed) {
  if (elapsed < check.expected) return Verdict::early;
  if (elapsed > plus(check.expected, check.tolerance)) return Verdict::late;
  return Verdict::ok;
}

std::string describe(Verdict verdict, const Check& check, Duration elapsed,
                     std::string_view scenario) {
  const bool early = verdict == Verdict::early;
  const Duration limit = early ? check.expected : plus(check.expected, check.tolerance);
  // Show milliseconds, unless they hide the difference.
  const auto text = seconds(elapsed) == seconds(limit) ? exact_seconds : seconds;
  if (early) {
    return fmt::format("early: {} took {} s, expected {} s", scenario, text(elapsed),
                       text(check.expected));
  }
  return fmt::format("late: {} took {} s, expected {} s + {} s", scenario, text(elapsed),
                     text(check.expected), text(check.tolerance));
}

}  // namespace asyncdemo
