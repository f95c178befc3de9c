#pragma once

#include <string>
#include <vector>

#include "scenario.hpp"
#include "settings.hpp"

namespace asyncdemo {

/// `asyncdemo --help`.
[[nodiscard]] std::string general_help(const std::vector<OptionGroup>& common);

/// `asyncdemo SCENARIO --help`: its own options, then the common ones.
[[nodiscard]] std::string scenario_help(const ScenarioInfo& scenario,
                                        const std::vector<Option>& own,
                                        const std::vector<OptionGroup>& common);

/// `asyncdemo list`: name, lesson and formula of each scenario, one a line.
[[nodiscard]] std::string scenario_list(std::string_view indent = "");

/// `asyncdemo --version`.
[[nodiscard]] std::string version_text();

}  // namespace asyncdemo
