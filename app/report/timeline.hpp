#pragma once

#include <string>

#include "run/run_record.hpp"
#include "system/style.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// Draws the chart of a run: title, axis, a row for each coroutine, and the number of coroutines
/// that timers woke. Returns whole lines, none wider than `style.width`.
///
/// `now`: the time since the start of the run, or its elapsed time once it has ended.
/// `span`: the shortest time the axis must cover; in a comparison, the longest run's.
[[nodiscard]] std::string draw_timeline(const RunRecord& run, Duration now, Duration span,
                                        const ChartStyle& style);

}  // namespace asyncdemo
