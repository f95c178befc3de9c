#pragma once

#include <string>

#include "command_line/grammar.hpp"

namespace asyncdemo {

/// Returns the output of `asyncdemo man`: the manual page in troff, with the macros of man(7).
[[nodiscard]] std::string man_page(const Grammar& grammar);

}  // namespace asyncdemo
