#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "run/run_record.hpp"
#include "run/scenario.hpp"
#include "values/check.hpp"
#include "values/option.hpp"
#include "values/settings.hpp"

namespace asyncdemo {

/// A scenario and all that its run needs.
struct PlannedRun {
  std::string name;
  std::unique_ptr<Scenario> scenario;
  std::vector<Option> options;  ///< the scenario's own options
  std::optional<Check> check;
};

/// Fills in the plan of `run`.
void plan(RunRecord& run, const PlannedRun& planned, const Settings& settings);

}  // namespace asyncdemo
