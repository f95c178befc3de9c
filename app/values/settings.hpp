#pragma once

#include <asyncio/asyncio.hpp>
#include <optional>
#include <string>
#include <vector>

#include "system/style.hpp"
#include "values/check.hpp"
#include "values/duration.hpp"
#include "values/option.hpp"

namespace asyncdemo {

enum class Format { text, json, jsonl };
enum class TimelineChoice { automatic, always, never };

/// The values of the common options.
struct Settings {
  int cycles = 5;
  Duration interval = std::chrono::seconds{1};
  std::optional<asyncio::ClockKind> clock;  ///< empty: --clock is not given; see clock_of()
  bool debug = false;

  bool check = false;
  std::optional<Duration> expect;
  std::optional<Tolerance> tolerance;

  bool stats = false;
  std::optional<Duration> max_late;

  Format format = Format::text;
  int quiet = 0;  ///< 1: only the `done in` line, 2: nothing
  bool verbose = false;
  TimelineChoice timeline = TimelineChoice::automatic;
  bool live = false;
  bool ascii = false;
  std::optional<int> width;
  ColorChoice color = ColorChoice::automatic;
  std::optional<std::string> svg;    ///< the name of a file; "-" is stdout
  std::optional<std::string> trace;  ///< likewise

  bool help = false;
  bool version = false;
};

/// The options below one heading of the help.
struct OptionGroup {
  std::string title;
  std::vector<Option> options;
};

/// Returns the common options, which write into `settings`, in the order of the help.
[[nodiscard]] std::vector<OptionGroup> common_options(Settings& settings);

/// Returns the clock of the run; the default is the real clock.
[[nodiscard]] asyncio::ClockKind clock_of(const Settings& settings);

/// Returns the check that --check or --expect asks for, if any.
///
/// Throws: std::invalid_argument for a tolerance without a check.
[[nodiscard]] std::optional<Check> requested_check(const Settings& settings, Duration ideal);

}  // namespace asyncdemo
