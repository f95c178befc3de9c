#include "settings.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

OptionGroup run_options(Settings& s) {
  using asyncio::ClockKind;
  return {
      "What runs",
      {
          count_option({"n", "cycles", "N", "cycles of each coroutine, 1..1000000", "5"},
                       {1, 1'000'000}, s.cycles),
          duration_option({"i", "interval", "DUR", "sleep of one cycle, 0..1h", "1s"}, s.interval),
          choice_option<ClockKind>(
              {"", "clock", "real|virtual", "virtual: jump from deadline to deadline", "real"},
              {{"real", ClockKind::real}, {"virtual", ClockKind::virtual_time}}, s.clock),
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
  return {{"", "tolerance", "DUR|P%", "lateness allowed; early fails", "250ms; virtual: 0"}, set};
}

OptionGroup check_options(Settings& s) {
  return {"Check",
          {
              flag_option({"", "check", "", "compare elapsed with the formula", ""}, s.check),
              expect_option(s),
              tolerance_option(s),
          }};
}

OptionGroup output_options(Settings& s) {
  auto quieter = [&s](const std::string&) { ++s.quiet; };
  return {"Output",
          {
              {{"q", "quiet", "", "only 'done in'; twice (-qq): nothing", ""}, quieter},
              flag_option({"h", "help", "", "print this help", ""}, s.help),
              flag_option({"V", "version", "", "print the version", ""}, s.version),
          }};
}

}  // namespace

std::vector<OptionGroup> common_options(Settings& settings) {
  return {run_options(settings), check_options(settings), output_options(settings)};
}

std::optional<Check> requested_check(const Settings& settings, Duration ideal) {
  if (!settings.check && !settings.expect) {
    if (settings.tolerance) throw std::invalid_argument("--tolerance needs --check or --expect");
    return std::nullopt;
  }
  const Duration expected = settings.expect.value_or(ideal);
  if (settings.tolerance) return Check{expected, settings.tolerance->of(expected)};
  const bool exact = settings.clock == asyncio::ClockKind::virtual_time;
  return Check{expected, exact ? 0ms : 250ms};
}

}  // namespace asyncdemo
