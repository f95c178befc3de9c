#pragma once

#include <string>

#include "run/scenario.hpp"

namespace asyncdemo {

/// Returns the output of `asyncdemo explain SCENARIO`: the lesson, the C++ source and the Python
/// program.
///
/// REQUIRES: all three files are in app/scenarios.
[[nodiscard]] std::string explanation(const ScenarioInfo& scenario);

}  // namespace asyncdemo
