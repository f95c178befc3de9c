#pragma once

#include <string>

#include "command_line/grammar.hpp"

namespace asyncdemo {

/// Returns the output of `asyncdemo list`: a line for each scenario with name, lesson and formula.
[[nodiscard]] std::string scenario_list();

/// Returns the output of `asyncdemo list --json`: one document that includes all options.
[[nodiscard]] std::string scenario_document(const Grammar& grammar);

}  // namespace asyncdemo
