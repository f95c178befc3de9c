#pragma once

#include "command_line/command_line.hpp"
#include "command_line/grammar.hpp"

namespace asyncdemo {

// Each of these throws a UsageError for the first mistake of its kind.

/// Checks what does not depend on the command: the syntax, then the options and words that are
/// left over, then the values.
void check_arguments(const CommandLine& line, const Grammar& grammar);

/// Checks that there is a command, with the words that it needs and no option that means nothing
/// to it.
void check_command(const CommandLine& line);

/// Checks that at most one output goes to standard output.
void check_outputs(const CommandLine& line, const Settings& settings);

}  // namespace asyncdemo
