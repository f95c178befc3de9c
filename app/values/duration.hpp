#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace asyncdemo {

/// All times of the tool: integer nanoseconds, so that nothing is lost on the way from the
/// command line to the loop and back to the verdict.
using Duration = std::chrono::nanoseconds;

/// Reads `digits[.digits][ns|us|ms|s|m|h]`; a bare number is seconds.
///
/// Throws: std::invalid_argument, what() saying what is wrong with `text` ("is not a ...");
///         std::out_of_range for 292 years or more, which Duration cannot hold.
[[nodiscard]] Duration parse_duration(std::string_view text);

/// The same for what is at most one hour long.
///
/// Throws: std::invalid_argument.
[[nodiscard]] Duration parse_short_duration(std::string_view text);

/// `a + b`, or the longest Duration where that is too much; neither is negative.
[[nodiscard]] Duration plus(Duration a, Duration b);

/// `count` x `d`, or the longest Duration where that is too much; neither is negative.
[[nodiscard]] Duration times(std::int64_t count, Duration d);

/// Seconds with three decimals, rounded to the nearest: "5.004".
[[nodiscard]] std::string seconds(Duration d);

/// Seconds with the decimals that say something: "5", "0.02".
[[nodiscard]] std::string short_seconds(Duration d);

/// Seconds with all nine decimals: "5.004000001".
[[nodiscard]] std::string exact_seconds(Duration d);

}  // namespace asyncdemo
