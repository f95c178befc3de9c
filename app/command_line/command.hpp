#pragma once

#include <memory>
#include <string>
#include <vector>

#include "run/planned_run.hpp"
#include "values/settings.hpp"

namespace asyncdemo {

/// The work that a command line asks for.
struct Command {
  enum class Kind {
    text,     ///< print `text`
    run,      ///< run one scenario
    compare,  ///< run several and draw them on one axis
    all,      ///< run every scenario and print a table of verdicts
  };

  Kind kind = Kind::text;
  std::string text;
  std::vector<PlannedRun> runs;
  std::unique_ptr<Settings> settings;  ///< read by the runs
};

/// Parses the arguments of main().
///
/// Throws: UsageError.
[[nodiscard]] Command parse_command_line(int argc, const char* const* argv);

}  // namespace asyncdemo
