#pragma once

#include <string>
#include <string_view>

#include "grammar.hpp"

namespace asyncdemo {

/// `asyncdemo completion SHELL`.
///
/// REQUIRES: `shell` is one of shells().
[[nodiscard]] std::string completion_script(std::string_view shell, const Grammar& grammar);

// Its cases.
[[nodiscard]] std::string bash_completion(const Grammar& grammar);
[[nodiscard]] std::string zsh_completion(const Grammar& grammar);
[[nodiscard]] std::string fish_completion(const Grammar& grammar);

}  // namespace asyncdemo
