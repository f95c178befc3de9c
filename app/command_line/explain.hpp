#pragma once

#include <string>

#include "run/scenario.hpp"

namespace asyncdemo {

/// `asyncdemo explain SCENARIO`: its lesson in full, its source, the Python program.
///
/// REQUIRES: app/scenarios holds the three files of it.
[[nodiscard]] std::string explanation(const ScenarioInfo& scenario);

}  // namespace asyncdemo
