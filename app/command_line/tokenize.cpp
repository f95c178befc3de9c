#include "command_line/tokenize.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace asyncdemo {
namespace {

/// A parser of CLI11's for the grammar, and what it makes of one line.
class Splitter {
 public:
  Splitter(const Arguments& arguments, const Grammar& grammar);

  CommandLine split();

 private:
  CLI::App* add_command(const std::string& name);
  void add_option(CLI::App& app, const Option& option);
  void collect_occurrences(const CLI::App& app, CommandLine& line) const;
  [[nodiscard]] std::string as_typed(const std::string& leftover) const;
  [[nodiscard]] std::string without_equals_sign(const std::string& value) const;

  const Arguments& arguments_;
  CLI::App app_;
  std::map<const CLI::Option*, const Option*> options_;
};

Splitter::Splitter(const Arguments& arguments, const Grammar& grammar) : arguments_(arguments) {
  app_.set_help_flag();  // none of CLI11's
  app_.allow_extras();   // or a misspelt scenario is reported as a missing one
  app_.require_subcommand(0, 1);
  for (const Option* option : grammar.common_options()) add_option(app_, *option);
  // What CLI11 makes of an option is dear: what cannot have been asked for it need not know.
  const auto is_typed = [&](std::string_view name) {
    return std::find(arguments.begin(), arguments.end(), name) != arguments.end();
  };
  for (const CommandInfo& command : commands()) {
    if (is_typed(command.name)) add_command(std::string(command.name));
  }
  for (const ScenarioEntry& entry : grammar.scenarios) {
    if (!is_typed(entry.info->name)) continue;
    CLI::App* app = add_command(std::string(entry.info->name));
    for (const Option& option : entry.options) add_option(*app, option);
  }
}

CLI::App* Splitter::add_command(const std::string& name) {
  CLI::App* app = app_.add_subcommand(name)->fallthrough();
  app->set_help_flag();
  return app;
}

void Splitter::add_option(CLI::App& app, const Option& option) {
  const OptionText& text = option.text;
  std::string names = "--" + text.long_name;
  if (!text.short_name.empty()) names.insert(0, "-" + text.short_name + ",");
  CLI::Option* values = text.is_flag() ? app.add_flag(names) : app.add_option(names);
  values->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);  // else repeating is an error
  options_.emplace(values, &option);
}

CommandLine Splitter::split() {
  const auto is_parsed = [](const CLI::App* command) { return command->parsed(); };
  CommandLine line;
  try {
    app_.parse(Arguments(arguments_.rbegin(), arguments_.rend()));
  } catch (const CLI::ParseError&) {
    // An option that takes any text can lack it at the end of the line only.
    line.lacks_value = true;
  }
  collect_occurrences(app_, line);
  // Not the list without a filter, which lacks a command that stands behind "--".
  for (const CLI::App* command : std::as_const(app_).get_subcommands(is_parsed)) {
    line.command = command->get_name();
    collect_occurrences(*command, line);
  }
  for (const std::string& leftover : app_.remaining(true)) {
    line.leftovers.push_back(is_dashed(leftover) ? as_typed(leftover) : leftover);
  }
  return line;
}

void Splitter::collect_occurrences(const CLI::App& app, CommandLine& line) const {
  std::map<const CLI::Option*, std::size_t> taken;
  for (const CLI::Option* values : app.parse_order()) {
    const std::size_t index = taken[values]++;
    const Option* option = options_.at(values);
    if (index >= values->results().size()) continue;
    line.occurrences.push_back(
        {option, option->text.is_flag() ? "" : without_equals_sign(values->results()[index])});
  }
}

/// CLI11 takes "-qx" apart and leaves "-x": the argument that the user typed.
std::string Splitter::as_typed(const std::string& leftover) const {
  const auto typed =
      std::find_if(arguments_.begin(), arguments_.end(), [&](const std::string& argument) {
        return argument == leftover ||
               (argument.starts_with('-') && argument.ends_with(leftover.substr(1)));
      });
  return typed == arguments_.end() ? leftover : *typed;
}

/// CLI11 makes "=5" of "-n=5".
std::string Splitter::without_equals_sign(const std::string& value) const {
  const bool attached =
      std::any_of(arguments_.begin(), arguments_.end(), [&](const std::string& argument) {
        return argument.starts_with('-') && !argument.starts_with("--") &&
               argument.ends_with(value);
      });
  return value.starts_with('=') && attached ? value.substr(1) : value;
}

}  // namespace

bool CommandLine::has(std::string_view long_name) const {
  return std::any_of(occurrences.begin(), occurrences.end(), [&](const Occurrence& typed) {
    return typed.option->text.long_name == long_name;
  });
}

Arguments CommandLine::words() const {
  Arguments words;
  std::copy_if(leftovers.begin(), leftovers.end(), std::back_inserter(words),
               [](const std::string& leftover) { return !is_dashed(leftover); });
  return words;
}

CommandLine tokenize(const Arguments& arguments, const Grammar& grammar) {
  return Splitter(arguments, grammar).split();
}

}  // namespace asyncdemo
