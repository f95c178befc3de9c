#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line/grammar.hpp"

namespace asyncdemo {

/// `asyncdemo completion SHELL`.
///
/// REQUIRES: `shell` is one of shells().
[[nodiscard]] std::string completion_script(std::string_view shell, const Grammar& grammar);

/// The names, dashes included, after which a value comes; each once.
[[nodiscard]] std::vector<std::string> names_with_value(const Grammar& grammar);

// The cases of completion_script().
[[nodiscard]] std::string bash_completion(const Grammar& grammar);
[[nodiscard]] std::string zsh_completion(const Grammar& grammar);
[[nodiscard]] std::string fish_completion(const Grammar& grammar);

}  // namespace asyncdemo
