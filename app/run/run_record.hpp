#pragma once

#include <asyncio/asyncio.hpp>
#include <optional>
#include <string>
#include <vector>

#include "run/recording.hpp"
#include "values/check.hpp"
#include "values/duration.hpp"
#include "values/parameter.hpp"

namespace asyncdemo {

/// The record of a run: the plan and, after the run, the outcome. All output written at the end is
/// made from it.
struct RunRecord {
  // The plan.
  std::string scenario;
  asyncio::ClockKind clock = asyncio::ClockKind::real;
  std::vector<Parameter> parameters;
  Duration interval{0};               ///< the length of one cycle
  Duration ideal{0};                  ///< the time that the formula gives
  Duration expected{0};               ///< the ideal, or the value of --expect
  std::optional<Duration> tolerance;  ///< empty if there is no check
  std::optional<Duration> most_late;  ///< the lateness that --max-late allows
  std::string formula;                ///< with its numbers: "5 + 5"
  std::string lesson;

  // The outcome.
  Duration elapsed{0};
  Verdict verdict = Verdict::none;
  int signal = 0;  ///< the signal that interrupted it, or 0
  Recording recording;
};

}  // namespace asyncdemo
