#pragma once

#include <string>

#include "run/run_record.hpp"
#include "system/style.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// Draws the chart of a run: title, axis, a row for each coroutine, and how many of them a timer
/// woke. Returns whole lines, none wider than `style.width`.
///
/// `now`: the time since the start of the run; its elapsed time once it has ended.
/// `span`: the time that the axis must hold at least; in a comparison that of the longest run.
[[nodiscard]] std::string draw_timeline(const RunRecord& run, Duration now, Duration span,
                                        const ChartStyle& style);

}  // namespace asyncdemo
