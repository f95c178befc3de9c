#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check.hpp"
#include "scenario.hpp"
#include "settings.hpp"

namespace asyncdemo {

/// A scenario to be run.
struct Job {
  std::string name;
  std::unique_ptr<Scenario> scenario;
  std::vector<Option> options;  ///< its own
  std::optional<Check> check;
};

/// What a command line asks for.
struct Command {
  enum class Kind {
    text,     ///< `text` is to be printed
    run,      ///< one job
    compare,  ///< several, drawn on one axis
    all,      ///< every scenario, as a table of verdicts
  };

  Kind kind = Kind::text;
  std::string text;
  std::vector<Job> jobs;
  std::unique_ptr<Settings> settings;  ///< which the jobs read
};

/// Throws: UsageError.
[[nodiscard]] Command parse_command_line(int argc, const char* const* argv);

}  // namespace asyncdemo
