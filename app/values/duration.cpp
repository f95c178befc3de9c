#include "values/duration.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "values/format_time.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::array kUnits{
    Unit{"", 1'000'000'000},
    Unit{"ns", 1},
    Unit{"us", 1'000},
    Unit{"ms", 1'000'000},
    Unit{"s", 1'000'000'000},
    Unit{"m", 60'000'000'000},
    Unit{"h", 3'600'000'000'000},
};

/// The most decimals that a whole number of nanoseconds can have. An hour is 2^13 x 3^2 x 5^11 ns,
/// so the longest fraction is 2^-13 h.
constexpr std::size_t kMostDecimals = 13;

[[noreturn]] void refuse_malformed() {
  throw std::invalid_argument("is not a duration (examples: 250ms, 1.5s, 2m)");
}

[[noreturn]] void refuse_too_fine() {
  throw std::invalid_argument("has more digits than a nanosecond holds");
}

[[noreturn]] void refuse_too_long() {
  throw std::out_of_range("is 292 years or more");
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Removes the digits at the start of `text` and returns them; there must be at least one.
std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  if (digits.empty()) refuse_malformed();
  text.remove_prefix(digits.size());
  return digits;
}

std::int64_t unit_of(std::string_view suffix) {
  const auto unit =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == suffix; });
  if (unit == kUnits.end()) refuse_malformed();
  return unit->nanoseconds;
}

/// Returns `digits` x `unit`.
std::int64_t whole_part(std::string_view digits, std::int64_t unit) {
  std::int64_t value = 0;
  for (const char c : digits) {
    const std::int64_t digit = c - '0';
    if (value > (kMax / unit - digit) / 10) refuse_too_long();
    value = value * 10 + digit;
  }
  return value * unit;
}

/// Returns 0.`digits` x `unit`, which must be a whole number.
std::int64_t fraction_part(std::string_view digits, std::int64_t unit) {
  while (digits.ends_with('0')) digits.remove_suffix(1);
  if (digits.size() > kMostDecimals) refuse_too_fine();
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  for (const char c : digits) {
    numerator = numerator * 10 + (c - '0');
    denominator *= 10;
  }
  const std::int64_t common = std::gcd(unit, denominator);
  if (numerator % (denominator / common) != 0) refuse_too_fine();
  return numerator / (denominator / common) * (unit / common);
}

}  // namespace

Duration parse_duration(std::string_view text) {
  const auto whole = take_digits(text);
  std::string_view fraction = "0";
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  const std::int64_t unit = unit_of(text);

  const std::int64_t parts[] = {fraction_part(fraction, unit), whole_part(whole, unit)};
  if (parts[1] > kMax - parts[0]) refuse_too_long();
  return Duration{parts[0] + parts[1]};
}

Duration parse_short_duration(std::string_view text) {
  constexpr auto kTooLong = "is more than 1h";
  try {
    if (const Duration value = parse_duration(text); value <= 1h) return value;
  } catch (const std::out_of_range&) {
    throw std::invalid_argument(kTooLong);
  }
  throw std::invalid_argument(kTooLong);
}

Duration plus(Duration a, Duration b) {
  return a > Duration::max() - b ? Duration::max() : a + b;
}

Duration times(std::int64_t count, Duration d) {
  if (count == 0) return Duration::zero();
  return d > Duration::max() / count ? Duration::max() : d * count;
}

std::string seconds(Duration d) {
  return format_time(d, 1s, {3, 3});
}

std::string short_seconds(Duration d) {
  return format_time(d, 1s, {0, 9});
}

std::string exact_seconds(Duration d) {
  return format_time(d, 1s, {9, 9});
}

}  // namespace asyncdemo
