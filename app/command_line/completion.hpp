#pragma once

#include <string>
#include <string_view>

#include "command_line/command_line.hpp"
#include "command_line/grammar.hpp"

namespace asyncdemo {

/// Returns the script of `asyncdemo completion SHELL`, which makes the shell call
/// `asyncdemo --complete`.
///
/// REQUIRES: `shell` is one of shells().
[[nodiscard]] std::string_view completion_script(std::string_view shell);

/// Answers `asyncdemo --complete WORD...`: returns what can stand in place of the last word, or
/// behind its "--name=".
///
/// One candidate a line, with its description behind a tab; the shell picks those that match the
/// word. The only line is ":file" where the name of a file is wanted.
[[nodiscard]] std::string completion_candidates(Arguments words, const Grammar& grammar);

}  // namespace asyncdemo
