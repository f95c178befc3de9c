#pragma once

#include "command_line/command.hpp"

namespace asyncdemo {

/// Runs the scenarios of `command`, writes the reports that its options ask for, and returns the
/// exit code.
///
/// Throws: std::system_error if an output cannot be written; std::bad_alloc.
[[nodiscard]] int run_session(const Command& command);

}  // namespace asyncdemo
