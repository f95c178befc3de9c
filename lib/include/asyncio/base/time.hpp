#pragma once

#include <asyncio/base/error.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <type_traits>
#include <utility>

namespace asyncio {

/// A span of time as the library counts it: whole nanoseconds.
using Duration = std::chrono::nanoseconds;

/// The clock that a loop's time belongs to. Its readings come from EventLoop::time(): the
/// system's steady clock, or a virtual one that starts at zero.
struct LoopClock {
  using duration = Duration;                              ///< whole nanoseconds
  using rep = duration::rep;                              ///< of a duration
  using period = duration::period;                        ///< the same
  using time_point = std::chrono::time_point<LoopClock>;  ///< TimePoint
  static constexpr bool is_steady = true;                 ///< it never goes back
};

/// A moment of a loop's time.
using TimePoint = LoopClock::time_point;

/// Any chrono duration in whole nanoseconds: rounded up, so that a wait is never shorter than
/// asked for, and held within what nanoseconds can count (292 years).
///
/// Throws:   ValueError for not-a-number.
template <class Rep, class Period>
[[nodiscard]] constexpr Duration to_duration(std::chrono::duration<Rep, Period> span) {
  if constexpr (std::is_integral_v<Rep> && std::ratio_greater_equal_v<Period, std::nano>) {
    using Wide = std::chrono::duration<std::int64_t, Period>;
    constexpr Wide kMost = std::chrono::duration_cast<Wide>(Duration::max());
    if (std::cmp_greater(span.count(), kMost.count())) return Duration::max();
    if (std::cmp_less(span.count(), -kMost.count())) return Duration::min();
    return Wide(static_cast<std::int64_t>(span.count()));
  } else {
    // What ceil() counts in, so that what is near the limit is rounded here as it is there.
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
/// It is one already.
[[nodiscard]] constexpr Duration to_duration(Duration span) {
  return span;
}

/// `start` + `span`, held within what a TimePoint can count.
[[nodiscard]] constexpr TimePoint add_saturated(TimePoint start, Duration span) {
  if (span > Duration::zero() && start > TimePoint::max() - span) return TimePoint::max();
  if (span < Duration::zero() && start < TimePoint::min() - span) return TimePoint::min();
  return start + span;
}

/// How long something may take: a chrono duration, or std::nullopt for as long as it likes.
class TimeLimit {
 public:
  /// No limit.
  constexpr TimeLimit(std::nullopt_t /*none*/) {}  // NOLINT(google-explicit-constructor)
  /// At most `span`.
  ///
  /// Throws:   ValueError for not-a-number.
  template <class Rep, class Period>
  constexpr TimeLimit(
      std::chrono::duration<Rep, Period> span)  // NOLINT(google-explicit-constructor)
      : span_(to_duration(span)) {}

  /// Whether there is a limit.
  [[nodiscard]] constexpr bool limited() const { return span_.has_value(); }
  /// The limit.
  ///
  /// REQUIRES: limited().
  [[nodiscard]] constexpr Duration span() const { return *span_; }

 private:
  std::optional<Duration> span_;
};

}  // namespace asyncio
