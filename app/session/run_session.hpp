#pragma once

#include "command_line/command.hpp"

namespace asyncdemo {

/// Runs what `command` asks for, and reports it in all the ways that it asks for.
///
/// Returns: the exit code.
/// Throws:  std::system_error where an output cannot be written; std::bad_alloc.
[[nodiscard]] int run_session(const Command& command);

}  // namespace asyncdemo
