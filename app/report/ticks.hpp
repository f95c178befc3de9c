#pragma once

#include <string>
#include <string_view>

#include "values/duration.hpp"

namespace asyncdemo {

/// The unit of an axis's labels.
struct TimeUnit {
  Duration length;
  std::string_view name;    ///< in ASCII: "us"
  std::string_view symbol;  ///< "µs"
};

/// Returns the longest unit that `span` fills once; seconds for a span of zero.
[[nodiscard]] TimeUnit unit_for(Duration span);

// A step between ticks is 1, 2 or 5 times a power of ten nanoseconds.

/// The most steps that an axis has.
inline constexpr int kMostSteps = 12;

[[nodiscard]] Duration next_step(Duration step);
/// Returns true if kMostSteps steps cover `span`.
[[nodiscard]] bool has_few_steps(Duration span, Duration step);

/// Returns the first step that `fits`. Starts with the longest step up to `limit`, or with 1 ns.
template <class Fits>
[[nodiscard]] Duration choose_step(Duration limit, Fits fits) {
  Duration step{1};
  while (next_step(step) <= limit || !fits(step)) step = next_step(step);
  return step;
}

/// Writes the number at a tick, with the decimals that it needs: "0", "1.5".
[[nodiscard]] std::string tick_label(Duration at, const TimeUnit& unit);

}  // namespace asyncdemo
