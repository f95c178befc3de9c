#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace asyncdemo_test {

/// What a scenario prints at its default options.
struct Golden {
  std::string scenario;
  std::vector<std::string> lines;  ///< without `done in`
  double elapsed_s;
  bool threads = false;  ///< the order within one second is a race, in Python too

  friend void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.scenario; }
};

/// Its scenario, as GoogleTest takes it for a part of a test's name.
[[nodiscard]] std::string test_name(const testing::TestParamInfo<Golden>& info);

/// The output of the tutorial's Python programs (CPython 3.11), and of wait-for as its row of
/// the table of scenarios has it.
[[nodiscard]] const std::vector<Golden>& golden_outputs();

/// The lines of a scenario with threads in an order that does not depend on the race: sorted
/// within each second.
[[nodiscard]] std::vector<std::string> sorted_within_seconds(std::vector<std::string> lines);

}  // namespace asyncdemo_test
