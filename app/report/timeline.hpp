#pragma once

#include <string>

#include "run/run_record.hpp"
#include "system/style.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// The chart of a run, whole lines, none wider than the style says: title, axis, a row for each
/// coroutine, and how many of them a timer woke.
///
/// `now`: how far the run is; its elapsed time once it has ended.
/// `span`: what the axis must hold at least; the longest of several runs that are compared.
[[nodiscard]] std::string draw_timeline(const RunRecord& run, Duration now, Duration span,
                                        const ChartStyle& style);

}  // namespace asyncdemo
