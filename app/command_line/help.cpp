#include "command_line/help.hpp"

#include <fmt/format.h>

#include "command_line/wrap.hpp"

namespace asyncdemo {
namespace {

/// Returns "  -n, --cycles N          cycles of each coroutine, 1..1000000 [5]".
std::string option_line(const OptionText& text) {
  std::string names = "    ";
  if (!text.short_name.empty()) names = fmt::format("-{}, ", text.short_name);
  names += fmt::format("--{} {}", text.long_name, text.value_name);
  std::string line = fmt::format("  {:<28}{}", names, text.description);
  if (!text.default_value.empty()) line += fmt::format(" [{}]", text.default_value);
  return line + '\n';
}

std::string group_text(std::string_view title, const std::vector<Option>& options) {
  std::string result = fmt::format("{}:\n", title);
  for (const Option& option : options) result += option_line(option.text);
  return result + '\n';
}

std::string common_text(const Grammar& grammar) {
  std::string result;
  for (const OptionGroup& group : grammar.common) result += group_text(group.title, group.options);
  return result + wrapped(kDurations) + '\n';
}

/// Leaves out the options that `command` does not accept.
std::string common_text(const Grammar& grammar, const CommandInfo& command) {
  if (command.options == CommonOptions::all) return common_text(grammar);
  std::string result = "Options:\n";
  for (const Option* option : grammar.options_of(command)) result += option_line(option->text);
  return result + '\n';
}

std::string name_line(std::string_view name, std::string_view text) {
  return fmt::format("  {:<12}{}\n", name, text);
}

std::string exit_code_text() {
  std::string result = "Exit codes:\n";
  for (const auto& [code, meaning] : kExitCodes) {
    result += fmt::format("  {:<15}{}\n", code, meaning);
  }
  return result;
}

std::string general_examples() {
  std::string result = "Examples:\n";
  for (const auto& [line, what] : kExamples) result += fmt::format("  {:<42}{}\n", line, what);
  return result + '\n';
}

/// Indents each line by two blanks.
std::string indented(std::string_view lines) {
  std::string result;
  while (!lines.empty()) {
    const auto end = lines.find('\n') + 1;
    result += fmt::format("  {}", lines.substr(0, end));
    lines.remove_prefix(end);
  }
  return result;
}

}  // namespace

std::string general_help(const Grammar& grammar) {
  std::string result =
      "Usage: asyncdemo [OPTIONS] SCENARIO [OPTIONS]\n"
      "       asyncdemo [OPTIONS] COMMAND [ARGUMENTS] [OPTIONS]\n"
      "\n"
      "Runs a scenario of the asyncio tutorial; prints what its Python program prints.\n"
      "\n"
      "Scenarios:\n";
  for (const ScenarioEntry& entry : grammar.scenarios) {
    result += name_line(entry.info->name, entry.info->lesson);
  }
  result += "\nCommands:\n";
  for (const CommandInfo& command : commands()) result += name_line(command.name, command.summary);
  result += '\n';
  result += common_text(grammar);
  result += general_examples();
  return result + exit_code_text();
}

std::string scenario_help(const ScenarioEntry& scenario, const Grammar& grammar) {
  const ScenarioInfo& info = *scenario.info;
  std::string result = fmt::format("Usage: asyncdemo {} [OPTIONS]\n\n", info.name);
  result += wrapped(fmt::format("Shows: {}.", info.lesson), 7);
  result += wrapped(fmt::format("Takes: {}, for N cycles and the interval I.", info.formula), 7);
  result += '\n';
  if (!scenario.options.empty()) {
    result += group_text(fmt::format("Options of {}", info.name), scenario.options);
  }
  result += common_text(grammar);
  result += fmt::format(
      "Examples:\n"
      "  asyncdemo {0} --cycles 3 --interval 250ms\n"
      "  asyncdemo {0} --clock virtual --check\n"
      "  asyncdemo explain {0}\n"
      "\n",
      info.name);
  return result + exit_code_text();
}

std::string command_help(const CommandInfo& command, const Grammar& grammar) {
  std::string result = fmt::format("Usage: asyncdemo {}", command.name);
  if (!command.arguments.empty()) result += fmt::format(" {}", command.arguments);
  result += " [OPTIONS]\n\n";
  result += wrapped(command.details);
  result += '\n';
  result += common_text(grammar, command);
  result += "Examples:\n";
  result += indented(command.examples);
  result += '\n';
  return result + exit_code_text();
}

}  // namespace asyncdemo
