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

/// What is known of a run: before it the plan, after it also how it went. All kinds of output
/// that come at the end are made of it.
struct RunRecord {
  // The plan.
  std::string scenario;
  asyncio::ClockKind clock = asyncio::ClockKind::real;
  std::vector<Parameter> parameters;
  Duration interval{0};               ///< of the cycles
  Duration ideal{0};                  ///< by the formula
  Duration expected{0};               ///< the same, or what --expect says
  std::optional<Duration> tolerance;  ///< empty without a check
  std::optional<Duration> most_late;  ///< that a timer may be
  std::string formula;                ///< with its numbers: "5 + 5"
  std::string lesson;

  // How it went.
  Duration elapsed{0};
  Verdict verdict = Verdict::none;
  int signal = 0;  ///< the one that interrupted it, or 0
  Recording recording;
};

}  // namespace asyncdemo
