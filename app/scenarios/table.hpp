#pragma once

#include <span>

#include "run/scenario.hpp"

namespace asyncdemo {

/// Returns all scenarios, in the order of the tutorial.
[[nodiscard]] std::span<const ScenarioInfo* const> scenarios();

}  // namespace asyncdemo
