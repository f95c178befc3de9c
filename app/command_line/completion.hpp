#pragma once

#include <string>
#include <string_view>

#include "command_line/command_line.hpp"
#include "command_line/grammar.hpp"

namespace asyncdemo {

/// Returns the output of `asyncdemo completion SHELL`: a script that makes the shell ask
/// `asyncdemo --complete` for candidates.
///
/// REQUIRES: `shell` is bash, zsh or fish.
[[nodiscard]] std::string_view completion_script(std::string_view shell);

/// Returns the output of `asyncdemo --complete WORD...`: candidates for the last word, or for its
/// value if that word is "--name=value".
///
/// Each line is a candidate, followed by a tab and its description if it has one. The shell selects
/// those that match the word. The single line ":file" asks the shell to complete a file name.
[[nodiscard]] std::string completion_candidates(Arguments words, const Grammar& grammar);

}  // namespace asyncdemo
