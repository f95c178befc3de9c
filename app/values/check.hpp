#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "values/duration.hpp"

namespace asyncdemo {

/// The lateness that a check allows: a duration, or a percentage of the expected time.
class Tolerance {
 public:
  /// Reads `DUR` (0..1h) or `P%` (0..1000, up to three decimals).
  ///
  /// Throws: std::invalid_argument.
  [[nodiscard]] static Tolerance parse(std::string_view text);

  /// Returns the lateness allowed if `expected` is the expected time. A percentage allows at least
  /// 1 ms.
  [[nodiscard]] Duration of(Duration expected) const;

 private:
  std::optional<Duration> fixed_;
  int thousandths_of_percent_ = 0;  // if fixed_ is empty
};

/// The elapsed time that a run must have.
struct Check {
  Duration expected;
  Duration tolerance;
};

/// The verdict on a run. If a run has several faults, the verdict names the first of them in this
/// order.
enum class Verdict { none, ok, failed, interrupted, early, late, timer_late };
[[nodiscard]] std::string_view to_string(Verdict verdict);

/// Compares to the nanosecond. The tolerance is for late ends only, because a sleep never ends
/// early.
[[nodiscard]] Verdict judge(const Check& check, Duration elapsed);

/// Describes the verdict in a line for the user: "late: gather took 5.412 s, expected 5.000 s +
/// 0.250 s".
///
/// REQUIRES: `verdict` is early or late.
[[nodiscard]] std::string describe(Verdict verdict, const Check& check, Duration elapsed,
                                   std::string_view scenario);

}  // namespace asyncdemo
