#pragma once

#include <asyncio/asyncio.hpp>
#include <optional>
#include <string>
#include <vector>

#include "check.hpp"
#include "duration.hpp"
#include "option.hpp"

namespace asyncdemo {

/// What the options say that every scenario takes.
struct Settings {
  int cycles = 5;
  Duration interval = std::chrono::seconds{1};
  asyncio::ClockKind clock = asyncio::ClockKind::real;

  bool check = false;
  std::optional<Duration> expect;
  std::optional<Tolerance> tolerance;

  int quiet = 0;  ///< 1: only the `done in` line, 2: nothing

  bool help = false;
  bool version = false;
};

/// A heading of the help with its options.
struct OptionGroup {
  std::string title;
  std::vector<Option> options;
};

/// The options that write into `settings`, in the order of the help.
[[nodiscard]] std::vector<OptionGroup> common_options(Settings& settings);

/// What the run is compared with, where --check or --expect asks for it.
///
/// Throws: std::invalid_argument for a tolerance that nothing is compared with.
[[nodiscard]] std::optional<Check> requested_check(const Settings& settings, Duration ideal);

}  // namespace asyncdemo
