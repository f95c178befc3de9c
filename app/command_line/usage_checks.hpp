#pragma once

#include "command_line/command_line.hpp"
#include "command_line/grammar.hpp"

namespace asyncdemo {

// Each check throws a UsageError for the first mistake that it finds.

/// Checks the syntax, then the leftovers, then the values.
void check_arguments(const CommandLine& line, const Grammar& grammar);

/// Checks that there is a command, that it has the words it needs, and that it accepts the options.
void check_command(const CommandLine& line);

/// Checks that at most one option claims standard output.
void check_outputs(const CommandLine& line, const Settings& settings);

}  // namespace asyncdemo
