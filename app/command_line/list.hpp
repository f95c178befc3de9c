#pragma once

#include <string>

#include "command_line/grammar.hpp"

namespace asyncdemo {

/// Returns the output of `asyncdemo list`: a line with name, lesson and formula per scenario.
[[nodiscard]] std::string scenario_list();

/// Returns the output of `asyncdemo list --json`: one document, with each scenario's options.
[[nodiscard]] std::string scenario_document(const Grammar& grammar);

}  // namespace asyncdemo
