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

/// What the options say that every scenario takes.
struct Settings {
  int cycles = 5;
  Duration interval = std::chrono::seconds{1};
  std::optional<asyncio::ClockKind> clock;  ///< as asked for; see clock_of()
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
  std::optional<std::string> svg;    ///< a file's name; "-" is stdout
  std::optional<std::string> trace;  ///< the same

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

/// The clock of the run: the one asked for, else the real one.
[[nodiscard]] asyncio::ClockKind clock_of(const Settings& settings);

/// What the run is compared with, where --check or --expect asks for it.
///
/// Throws: std::invalid_argument for a tolerance that nothing is compared with.
[[nodiscard]] std::optional<Check> requested_check(const Settings& settings, Duration ideal);

}  // namespace asyncdemo
