#pragma once

#include <string>
#include <string_view>

#include "run/run_record.hpp"

namespace asyncdemo {

/// Returns the verdict of the checks on a run that ended without an error.
[[nodiscard]] Verdict verdict_of(const RunRecord& run);
[[nodiscard]] bool check_failed(const RunRecord& run);
/// Describes the failure in a line for the user. REQUIRES: check_failed().
[[nodiscard]] std::string describe_failure(const RunRecord& run);

/// Returns "timers 15 late ms mean 0.084 p99 0.310 max 0.310".
[[nodiscard]] std::string describe_timers(const Lateness& lateness);

/// Returns a line of the table of several runs; kTableHead is the first line.
[[nodiscard]] std::string table_row(const RunRecord& run);
inline constexpr std::string_view kTableHead = "scenario        expected     elapsed\n";

}  // namespace asyncdemo
