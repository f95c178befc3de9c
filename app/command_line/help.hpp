#pragma once

#include <array>
#include <string>
#include <string_view>

#include "command_line/grammar.hpp"

namespace asyncdemo {

// No line of the help is wider than kTextWidth.

/// Returns the output of `asyncdemo --help`.
[[nodiscard]] std::string general_help(const Grammar& grammar);

/// Returns the output of `asyncdemo SCENARIO --help`, the scenario's own options first.
[[nodiscard]] std::string scenario_help(const ScenarioEntry& scenario, const Grammar& grammar);

/// Returns the output of `asyncdemo COMMAND --help` for a command that is not a scenario.
[[nodiscard]] std::string command_help(const CommandInfo& command, const Grammar& grammar);

/// An exit code and its meaning.
struct ExitCodeText {
  std::string_view code;
  std::string_view meaning;
};
inline constexpr std::array kExitCodes{
    ExitCodeText{"0", "the scenario ended as designed, every check passed"},
    ExitCodeText{"1", "runtime failure: uncaught exception, no loop, full disk"},
    ExitCodeText{"2", "usage error"},
    ExitCodeText{"3", "it ran, but --check, --expect or --max-late was not met"},
    ExitCodeText{"130, 143, 141", "ended by SIGINT, SIGTERM, SIGPIPE"},
};

inline constexpr std::string_view kDurations =
    "DUR is digits[.digits][ns|us|ms|s|m|h], in seconds without a unit: 250ms, 1.5s.";

/// A command line to copy and its effect.
struct Example {
  std::string_view line;
  std::string_view what;
};
inline constexpr std::array kExamples{
    Example{"asyncdemo gather --cycles 3", "run a scenario with fewer cycles"},
    Example{"asyncdemo double --clock virtual --check", "check the formula without waiting"},
    Example{"asyncdemo compare double gather", "draw two charts on one axis"},
    Example{"asyncdemo all --clock virtual", "check every scenario"},
    Example{"asyncdemo wait --json", "write a document for programs"},
    Example{"asyncdemo explain thread", "read the lesson and the source"},
    Example{"asyncdemo cancel --help", "list its own options"},
};

}  // namespace asyncdemo
