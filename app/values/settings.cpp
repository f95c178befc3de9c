#include "values/settings.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

constexpr Range kWidths{40, 10'000};

OptionGroup run_options(Settings& s) {
  using asyncio::ClockKind;
  return {
      "What runs",
      {
          count_option({"n", "cycles", "N", "cycles of each coroutine, 1..1000000", "5"},
                       {1, 1'000'000}, s.cycles),
          duration_option({"i", "interval", "DUR", "sleep in each cycle, 0..1h", "1s"}, s.interval),
          choice_option<std::optional<ClockKind>>(
              {"", "clock", "real|virtual", "virtual: jump from deadline to deadline", "real"},
              {{"real", ClockKind::real}, {"virtual", ClockKind::virtual_time}}, s.clock),
          flag_option({"", "debug", "", "enable the loop's debug mode (ASYNCIO_DEBUG=1)", ""},
                      s.debug),
      }};
}

Option expect_option(Settings& s) {
  auto set = [&s](const std::string& value) {
    try {
      s.expect = parse_duration(value);
    } catch (const std::out_of_range& error) {
      throw std::invalid_argument(error.what());
    }
  };
  return {{"", "expect", "DUR", "compare with DUR instead; implies --check", ""}, set};
}

Option tolerance_option(Settings& s) {
  auto set = [&s](const std::string& value) { s.tolerance = Tolerance::parse(value); };
  return {{"", "tolerance", "DUR|P%", "allowed lateness; early fails", "250ms; virtual: 0"}, set};
}

Option max_late_option(Settings& s) {
  auto set = [&s](const std::string& value) { s.max_late = parse_short_duration(value); };
  return {{"", "max-late", "DUR", "exit 3 if a timer fired later than DUR", ""}, set};
}

OptionGroup check_options(Settings& s) {
  return {"Check",
          {
              flag_option({"", "check", "", "compare elapsed time with the formula", ""}, s.check),
              expect_option(s),
              tolerance_option(s),
              max_late_option(s),
              flag_option({"", "stats", "", "print the lateness of timers to stderr", ""}, s.stats),
          }};
}

OptionGroup output_options(Settings& s) {
  auto quieter = [&s](const std::string&) { ++s.quiet; };
  auto json = [&s](const std::string&) { s.format = Format::json; };
  return {
      "Output",
      {
          choice_option<Format>(
              {"", "format", "FORMAT", "text, json, or jsonl: one event per line", "text"},
              {{"text", Format::text}, {"json", Format::json}, {"jsonl", Format::jsonl}}, s.format),
          {{"", "json", "", "short for --format json", ""}, json},
          {{"q", "quiet", "", "print only 'done in'; twice (-qq): nothing", ""}, quieter},
          flag_option({"v", "verbose", "", "print plan, backend and events to stderr", ""},
                      s.verbose),
      }};
}

OptionGroup picture_options(Settings& s) {
  auto timeline = [&s](TimelineChoice choice) {
    return [&s, choice](const std::string&) { s.timeline = choice; };
  };
  auto width = [&s](const std::string& value) { s.width = parse_count(value, kWidths); };
  return {"Pictures",
          {
              {{"", "timeline", "", "draw the chart before 'done in'", "on a terminal"},
               timeline(TimelineChoice::always)},
              {{"", "no-timeline", "", "draw no chart, even on a terminal", ""},
               timeline(TimelineChoice::never)},
              flag_option({"", "live", "", "redraw the chart while the scenario runs", ""}, s.live),
              flag_option({"", "ascii", "", "draw the chart in ASCII characters", ""}, s.ascii),
              {{"", "width", "COLS", "width of the chart, 40..10000", "terminal's"}, width},
              choice_option<ColorChoice>({"", "color", "WHEN", "auto, always or never", "auto"},
                                         {{"auto", ColorChoice::automatic},
                                          {"always", ColorChoice::always},
                                          {"never", ColorChoice::never}},
                                         s.color),
              file_option({"", "svg", "FILE", "write the chart as an SVG picture; -: stdout", ""},
                          s.svg),
              file_option({"", "trace", "FILE", "write a Chrome trace (Perfetto); -: stdout", ""},
                          s.trace),
          }};
}

OptionGroup help_options(Settings& s) {
  return {"Help",
          {
              flag_option({"h", "help", "", "print this help", ""}, s.help),
              flag_option({"V", "version", "", "print the version; with -v, build details", ""},
                          s.version),
          }};
}

}  // namespace

std::vector<OptionGroup> common_options(Settings& settings) {
  return {run_options(settings), check_options(settings), output_options(settings),
          picture_options(settings), help_options(settings)};
}

asyncio::ClockKind clock_of(const Settings& settings) {
  return settings.clock.value_or(asyncio::ClockKind::real);
}

std::optional<Check> requested_check(const Settings& settings, Duration ideal) {
  if (!settings.check && !settings.expect) {
    if (settings.tolerance) throw std::invalid_argument("--tolerance needs --check or --expect");
    return std::nullopt;
  }
  const Duration expected = settings.expect.value_or(ideal);
  if (settings.tolerance) return Check{expected, settings.tolerance->of(expected)};
  const bool exact = clock_of(settings) == asyncio::ClockKind::virtual_time;
  return Check{expected, exact ? 0ms : 250ms};
}

}  // namespace asyncdemo
