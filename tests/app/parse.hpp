#pragma once

#include <string>
#include <vector>

#include "command_line/command.hpp"

namespace asyncdemo_test {

/// Parses `arguments` in this process.
///
/// Throws: asyncdemo::UsageError.
[[nodiscard]] inline asyncdemo::Command parse(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv{"asyncdemo"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return asyncdemo::parse_command_line(static_cast<int>(argv.size()), argv.data());
}

}  // namespace asyncdemo_test
