#pragma once

#include <asyncio/base/error.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <type_traits>
#include <utility>

namespace asyncio {

/// A span of time in whole nanoseconds.
using Duration = std::chrono::nanoseconds;

/// The clock of a loop. EventLoop::time() reads it: either the system's steady clock, or a virtual
/// clock that starts at zero.
struct LoopClock {
  using duration = Duration;                              ///< whole nanoseconds
  using rep = duration::rep;                              ///< the type of a tick count
  using period = duration::period;                        ///< the length of a tick
  using time_point = std::chrono::time_point<LoopClock>;  ///< see TimePoint
  static constexpr bool is_steady = true;                 ///< never goes backwards
};

/// A point in a loop's time.
using TimePoint = LoopClock::time_point;

/// Converts any chrono duration to whole nanoseconds. It rounds up, so that a wait is never shorter
/// than requested, and clamps to the range of nanoseconds (292 years).
///
/// Throws:   ValueError for NaN.
template <class Rep, class Period>
[[nodiscard]] constexpr Duration to_duration(std::chrono::duration<Rep, Period> span) {
  if constexpr (std::is_integral_v<Rep> && std::ratio_greater_equal_v<Period, std::nano>) {
    using Wide = std::chrono::duration<std::int64_t, Period>;
    constexpr Wide kMost = std::chrono::duration_cast<Wide>(Duration::max());
    if (std::cmp_greater(span.count(), kMost.count())) return Duration::max();
    if (std::cmp_less(span.count(), -kMost.count())) return Duration::min();
    return Wide(static_cast<std::int64_t>(span.count()));
  } else {
    // Compares in the type that ceil() computes in, so that values near the limit round alike.
    constexpr bool kReal = std::chrono::treat_as_floating_point_v<Rep>;
    using Wide = std::chrono::duration<std::conditional_t<kReal, Rep, long double>, std::nano>;
    constexpr Wide kMost = Duration::max();
    const Wide nanoseconds = span;
    if (nanoseconds != nanoseconds) throw ValueError("Invalid delay: NaN (not a number)");
    if (nanoseconds >= kMost) return Duration::max();
    if (nanoseconds <= -kMost) return Duration::min();
    return std::chrono::ceil<Duration>(span);
  }
}
/// Returns `span` unchanged.
[[nodiscard]] constexpr Duration to_duration(Duration span) {
  return span;
}

/// Returns `start` + `span`, clamped to the range of TimePoint.
[[nodiscard]] constexpr TimePoint add_saturated(TimePoint start, Duration span) {
  if (span > Duration::zero() && start > TimePoint::max() - span) return TimePoint::max();
  if (span < Duration::zero() && start < TimePoint::min() - span) return TimePoint::min();
  return start + span;
}

/// A limit on the time that something may take: a chrono duration, or std::nullopt for no limit.
class TimeLimit {
 public:
  /// Sets no limit.
  constexpr TimeLimit(std::nullopt_t /*none*/) {}  // NOLINT(google-explicit-constructor)
  /// Sets a limit of `span`.
  ///
  /// Throws:   ValueError for NaN.
  template <class Rep, class Period>
  constexpr TimeLimit(
      std::chrono::duration<Rep, Period> span)  // NOLINT(google-explicit-constructor)
      : span_(to_duration(span)) {}

  /// Returns whether there is a limit.
  [[nodiscard]] constexpr bool limited() const { return span_.has_value(); }
  /// Returns the limit.
  ///
  /// REQUIRES: limited().
  [[nodiscard]] constexpr Duration span() const { return *span_; }

 private:
  std::optional<Duration> span_;
};

}  // namespace asyncio
