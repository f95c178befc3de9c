#pragma once

#include <memory>
#include <string>
#include <vector>

#include "run/planned_run.hpp"
#include "values/settings.hpp"

namespace asyncdemo {

/// What a command line asks for.
struct Command {
  enum class Kind {
    text,     ///< `text` is to be printed
    run,      ///< one scenario
    compare,  ///< several, drawn on one axis
    all,      ///< every scenario, as a table of verdicts
  };

  Kind kind = Kind::text;
  std::string text;
  std::vector<PlannedRun> runs;
  std::unique_ptr<Settings> settings;  ///< which the runs read
};

/// Throws: UsageError.
[[nodiscard]] Command parse_command_line(int argc, const char* const* argv);

}  // namespace asyncdemo
