#include "help.hpp"

#include <fmt/format.h>

namespace asyncdemo {
namespace {

constexpr std::string_view kExitCodes =
    "Exit codes:\n"
    "  0  the scenario ended as designed, every check passed\n"
    "  1  runtime failure: an uncaught exception, no loop, stdout not writable\n"
    "  2  usage error\n"
    "  3  --check or --expect was not met\n"
    "  130, 143, 141  ended by SIGINT, SIGTERM, SIGPIPE\n";

constexpr std::string_view kDurations =
    "DUR is digits[.digits][ns|us|ms|s|m|h], a bare number is seconds: 250ms, 1.5s, 2m.\n";

/// "  -n, --cycles N          cycles of each coroutine, 1..1000000 [5]"
std::string option_line(const OptionText& text) {
  const std::string names =
      fmt::format("{}--{} {}", text.short_name.empty() ? "    " : "-" + text.short_name + ", ",
                  text.long_name, text.value_name);
  const std::string standard =
      text.default_value.empty() ? "" : fmt::format(" [{}]", text.default_value);
  return fmt::format("  {:<28}{}{}\n", names, text.description, standard);
}

std::string group_text(std::string_view title, const std::vector<Option>& options) {
  std::string result = fmt::format("{}:\n", title);
  for (const Option& option : options) result += option_line(option.text);
  return result + '\n';
}

std::string common_text(const std::vector<OptionGroup>& groups) {
  std::string result;
  for (const OptionGroup& group : groups) result += group_text(group.title, group.options);
  return result;
}

}  // namespace

std::string general_help(const std::vector<OptionGroup>& common) {
  return fmt::format(
      "Usage: asyncdemo [OPTIONS] SCENARIO [OPTIONS]\n"
      "\n"
      "Runs a scenario of the asyncio tutorial and prints what its Python program prints.\n"
      "\n"
      "Scenarios:\n"
      "{}\n"
      "Other commands:\n"
      "  list        name, lesson and formula of each scenario\n"
      "\n"
      "{}{}\n"
      "Examples:\n"
      "  asyncdemo gather --cycles 3\n"
      "  asyncdemo double --clock virtual --check\n"
      "  asyncdemo wait --help\n"
      "\n"
      "{}",
      scenario_list("  "), common_text(common), kDurations, kExitCodes);
}

std::string scenario_help(const ScenarioInfo& scenario, const std::vector<Option>& own,
                          const std::vector<OptionGroup>& common) {
  const std::string own_text =
      own.empty() ? "" : group_text(fmt::format("Options of {}", scenario.name), own);
  return fmt::format(
      "Usage: asyncdemo {0} [OPTIONS]\n"
      "\n"
      "Shows: {1}.\n"
      "Takes: {2}, for N cycles and the interval I.\n"
      "\n"
      "{3}{4}{5}\n"
      "Examples:\n"
      "  asyncdemo {0} --cycles 3 --interval 250ms\n"
      "  asyncdemo {0} --clock virtual --check\n"
      "\n"
      "{6}",
      scenario.name, scenario.lesson, scenario.formula, own_text, common_text(common), kDurations,
      kExitCodes);
}

std::string scenario_list(std::string_view indent) {
  std::string result;
  for (const ScenarioInfo* scenario : scenarios()) {
    result += fmt::format("{}{:<12}{:<46}{}\n", indent, scenario->name, scenario->lesson,
                          scenario->formula);
  }
  return result;
}

std::string version_text() {
  return fmt::format("asyncdemo {}\n", ASYNCDEMO_VERSION);
}

}  // namespace asyncdemo
