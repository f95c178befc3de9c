#pragma once

#include <string>
#include <string_view>

#include "run/run_record.hpp"

namespace asyncdemo {

/// What the checks say of a run that has ended well.
[[nodiscard]] Verdict verdict_of(const RunRecord& run);
[[nodiscard]] bool check_failed(const RunRecord& run);
/// In a line for the user. REQUIRES: check_failed().
[[nodiscard]] std::string describe_failure(const RunRecord& run);

/// "timers 15 late ms mean 0.084 p99 0.310 max 0.310".
[[nodiscard]] std::string describe_timers(const Lateness& lateness);

/// A line of the table of several runs, and the one above it.
[[nodiscard]] std::string table_row(const RunRecord& run);
inline constexpr std::string_view kTableHead = "scenario        expected     elapsed\n";

}  // namespace asyncdemo
