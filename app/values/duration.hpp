#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace asyncdemo {

/// The type of all times in the tool: whole nanoseconds, so nothing is lost between the command
/// line, the loop and the verdict.
using Duration = std::chrono::nanoseconds;

/// Reads `digits[.digits][ns|us|ms|s|m|h]`; a bare number is seconds.
///
/// Throws: std::invalid_argument; what() says what is wrong with `text` ("is not a ...").
///         std::out_of_range for 292 years or more, which Duration cannot hold.
[[nodiscard]] Duration parse_duration(std::string_view text);

/// Reads a duration of at most one hour.
///
/// Throws: std::invalid_argument.
[[nodiscard]] Duration parse_short_duration(std::string_view text);

/// Returns `a + b`, or the longest Duration if the sum overflows.
///
/// REQUIRES: neither is negative.
[[nodiscard]] Duration plus(Duration a, Duration b);

/// Returns `count` x `d`, or the longest Duration if the product overflows.
///
/// REQUIRES: neither is negative.
[[nodiscard]] Duration times(std::int64_t count, Duration d);

/// Writes seconds with three decimals, rounded to the nearest: "5.004".
[[nodiscard]] std::string seconds(Duration d);

/// Writes seconds with as many decimals as they need: "5", "0.02".
[[nodiscard]] std::string short_seconds(Duration d);

/// Writes seconds with all nine decimals: "5.004000001".
[[nodiscard]] std::string exact_seconds(Duration d);

}  // namespace asyncdemo
