#pragma once

#include <string>

#include "command_line/grammar.hpp"

namespace asyncdemo {

/// `asyncdemo list`: name, lesson and formula of each scenario, one a line.
[[nodiscard]] std::string scenario_list();

/// `asyncdemo list --json`: the same as one document, with each scenario's options.
[[nodiscard]] std::string scenario_document(const Grammar& grammar);

}  // namespace asyncdemo
