#include "command_line/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <utility>

namespace asyncdemo {
namespace {

/// Builds the CLI11 parser for one line and runs it.
///
/// CLI11 finds the command, the options and their values. Errors are not worded by CLI11: its texts
/// differ between versions and do not say what to try instead. as_typed() and without_equals_sign()
/// undo two of its habits.
class Reader {
 public:
  Reader(Arguments arguments, const Grammar& grammar);

  CommandLine read();

 private:
  void add_command(const std::string& name, const ScenarioEntry* scenario);
  void add_option(CLI::App& app, const Option& option);
  void set_value(const Option& option, const std::string& typed);
  [[nodiscard]] std::string as_typed(const std::string& leftover) const;
  [[nodiscard]] std::string without_equals_sign(const std::string& value) const;

  CLI::App app_;
  CommandLine line_;
};

Reader::Reader(Arguments arguments, const Grammar& grammar) {
  line_.arguments = std::move(arguments);
  app_.set_help_flag();  // --help is a common option
  app_.allow_extras();   // keeps the leftovers
  app_.fallthrough();    // accepts common options after the command
  app_.require_subcommand(0, 1);
  for (const Option* option : grammar.common_options()) add_option(app_, *option);
  // CLI11 commands are expensive to build, so register only those that the line can mention.
  for (const std::string& name : grammar.names(Words::Kind::command)) {
    const auto& typed = line_.arguments;
    if (std::find(typed.begin(), typed.end(), name) == typed.end()) continue;
    add_command(name, grammar.find_scenario(name));
  }
}

void Reader::add_command(const std::string& name, const ScenarioEntry* scenario) {
  CLI::App* command = app_.add_subcommand(name);
  command->preparse_callback([this, name](std::size_t) {
    if (line_.command.empty()) line_.command = name;  // after "--" CLI11 accepts several
  });
  if (scenario == nullptr) return;
  for (const Option& option : scenario->options) add_option(*command, option);
}

void Reader::add_option(CLI::App& app, const Option& option) {
  const OptionText& text = option.text;
  std::string names = "--" + text.long_name;
  if (!text.short_name.empty()) names.insert(0, "-" + text.short_name + ",");
  const auto set = [this, &option](const CLI::results_t& values) {
    set_value(option, values.front());
    return true;
  };
  app.add_option(names, set)->expected(text.is_flag() ? 0 : 1)->trigger_on_parse();
}

void Reader::set_value(const Option& option, const std::string& typed) {
  line_.options.push_back(&option);
  const std::string value = without_equals_sign(typed);
  try {
    option.set(value);
  } catch (const std::invalid_argument& error) {
    if (!line_.bad_value.empty()) return;
    line_.bad_value =
        fmt::format("--{}: {} {}", option.text.long_name, in_quotes(value), error.what());
  }
}

CommandLine Reader::read() {
  try {
    app_.parse(Arguments(line_.arguments.rbegin(), line_.arguments.rend()));
  } catch (const CLI::ParseError&) {
    // Options accept any text, so a value can be missing only at the end of the line.
    line_.lacks_value = true;
  }
  for (const std::string& leftover : app_.remaining(true)) {
    line_.leftovers.push_back(is_dashed(leftover) ? as_typed(leftover) : leftover);
  }
  return std::move(line_);
}

/// Returns the whole argument that `leftover` is a part of: CLI11 splits "-qx" and leaves "-x".
std::string Reader::as_typed(const std::string& leftover) const {
  const auto typed = std::find_if(
      line_.arguments.begin(), line_.arguments.end(), [&](const std::string& argument) {
        return argument == leftover ||
               (argument.starts_with('-') && argument.ends_with(leftover.substr(1)));
      });
  return typed == line_.arguments.end() ? leftover : *typed;
}

/// Returns "5" for "-n=5", whose value is "=5" for CLI11.
std::string Reader::without_equals_sign(const std::string& value) const {
  const bool attached =
      std::any_of(line_.arguments.begin(), line_.arguments.end(), [&](const std::string& argument) {
        return argument.starts_with('-') && !argument.starts_with("--") &&
               argument.ends_with(value);
      });
  return value.starts_with('=') && attached ? value.substr(1) : value;
}

}  // namespace

bool CommandLine::has(std::string_view long_name) const {
  return std::any_of(options.begin(), options.end(),
                     [&](const Option* option) { return option->text.long_name == long_name; });
}

Arguments CommandLine::words() const {
  Arguments words;
  std::copy_if(leftovers.begin(), leftovers.end(), std::back_inserter(words),
               [](const std::string& leftover) { return !is_dashed(leftover); });
  return words;
}

void CommandLine::fail(std::string_view reason) const {
  const std::string_view space = command.empty() ? "" : " ";
  throw UsageError(fmt::format("{}; try 'asyncdemo {}{}--help'", reason, command, space));
}

CommandLine read_command_line(Arguments arguments, const Grammar& grammar) {
  return Reader(std::move(arguments), grammar).read();
}

}  // namespace asyncdemo
