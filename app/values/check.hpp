#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "values/duration.hpp"

namespace asyncdemo {

/// How late a run may be: a duration, or a share of what was expected.
class Tolerance {
 public:
  /// Reads `DUR` (0..1h) or `P%` (0..1000, up to three decimals).
  ///
  /// Throws: std::invalid_argument.
  [[nodiscard]] static Tolerance parse(std::string_view text);

  /// What it comes to; a share is never less than 1 ms.
  [[nodiscard]] Duration of(Duration expected) const;

 private:
  std::optional<Duration> fixed_;
  int thousandths_of_percent_ = 0;  // where nothing is fixed
};

/// What a run is compared with.
struct Check {
  Duration expected;
  Duration tolerance;
};

/// How a run ended, the first that applies from `failed` on.
enum class Verdict { none, ok, failed, interrupted, early, late, timer_late };
[[nodiscard]] std::string_view to_string(Verdict verdict);

/// Compares to the nanosecond. Early is wrong by however little: a sleep never ends early.
[[nodiscard]] Verdict judge(const Check& check, Duration elapsed);

/// The line for the user: "late: gather took 5.412 s, expected 5.000 s + 0.250 s".
///
/// REQUIRES: the verdict is early or late.
[[nodiscard]] std::string describe(Verdict verdict, const Check& check, Duration elapsed,
                                   std::string_view scenario);

}  // namespace asyncdemo
