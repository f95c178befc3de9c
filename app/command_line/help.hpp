#pragma once

#include <array>
#include <string>
#include <string_view>

#include "command_line/grammar.hpp"

namespace asyncdemo {

// No line of these is wider than kTextWidth.

/// `asyncdemo --help`.
[[nodiscard]] std::string general_help(const Grammar& grammar);

/// `asyncdemo SCENARIO --help`: its own options, then the common ones.
[[nodiscard]] std::string scenario_help(const ScenarioEntry& scenario, const Grammar& grammar);

/// `asyncdemo COMMAND --help` of a command that is no scenario.
[[nodiscard]] std::string command_help(const CommandInfo& command, const Grammar& grammar);

/// A status of the process and what it says.
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
    "DUR is digits[.digits][ns|us|ms|s|m|h], without unit seconds: 250ms, 1.5s, 2m.";

/// A command line to copy, and what it does.
struct Example {
  std::string_view line;
  std::string_view what;
};
inline constexpr std::array kExamples{
    Example{"asyncdemo gather --cycles 3", "a scenario, shorter"},
    Example{"asyncdemo double --clock virtual --check", "without waiting; is the formula met?"},
    Example{"asyncdemo compare double gather", "two charts on one axis"},
    Example{"asyncdemo all --clock virtual", "every scenario's verdict"},
    Example{"asyncdemo wait --json", "a document for programs"},
    Example{"asyncdemo explain thread", "what it teaches, its source"},
    Example{"asyncdemo cancel --help", "its own options"},
};

}  // namespace asyncdemo
