#pragma once

#include <memory>
#include <optional>
#include <string>

#include "check.hpp"
#include "scenario.hpp"
#include "settings.hpp"

namespace asyncdemo {

/// What a command line asks for: a scenario to run, or else a text to print.
struct Command {
  std::string text;

  std::string name;
  std::unique_ptr<Scenario> scenario;
  std::unique_ptr<Settings> settings;
  std::optional<Check> check;
};

/// Throws: UsageError.
[[nodiscard]] Command parse_command_line(int argc, const char* const* argv);

}  // namespace asyncdemo
