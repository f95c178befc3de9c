#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace asyncdemo_test {

/// The output of a scenario with its default options.
struct Golden {
  std::string scenario;
  std::vector<std::string> lines;  ///< without `done in`
  double elapsed_s;
  bool threads = false;  ///< the order within one second is a race, in Python too

  friend void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.scenario; }
};

/// Returns the scenario in a form that GoogleTest accepts as part of a test's name.
[[nodiscard]] std::string test_name(const testing::TestParamInfo<Golden>& info);

/// Returns the output of the tutorial's Python programs (CPython 3.11), and that of wait-for, which
/// has none, by the table of scenarios.
[[nodiscard]] const std::vector<Golden>& golden_outputs();

/// Sorts the lines of a scenario with threads within each second, so that their order does not
/// depend on the race.
[[nodiscard]] std::vector<std::string> sorted_within_seconds(std::vector<std::string> lines);

}  // namespace asyncdemo_test
