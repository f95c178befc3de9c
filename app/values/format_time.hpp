#pragma once

#include <string>

#include "values/duration.hpp"

namespace asyncdemo {

/// The number of decimals: at most `most`; trailing zeros beyond `least` are dropped.
struct Decimals {
  int least;
  int most;
};

/// Writes `time` in units of `unit`, rounded half up at the last decimal: "5.004", "0.31".
///
/// REQUIRES: `time` is not negative; `unit` is 1 s, 1 ms, 1 us or 1 ns; at most 9 decimals.
[[nodiscard]] std::string format_time(Duration time, Duration unit, Decimals decimals);

}  // namespace asyncdemo
