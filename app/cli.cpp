#include "cli.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "help.hpp"
#include "spelling.hpp"

namespace asyncdemo {
namespace {

using Arguments = std::vector<std::string>;

/// A scenario as the command line sees it.
struct Subcommand {
  const ScenarioInfo* info;
  std::unique_ptr<Scenario> scenario;
  std::vector<Option> options;
  CLI::App* app;
};

/// An option together with what CLI11 has collected for it.
struct Collected {
  const Option* option;
  const CLI::Option* values;
};

/// Turns the table of scenarios into a CLI11 parser, and what that finds into a Command.
///
/// CLI11 only splits the line: its options collect texts. Every text is read and every refusal
/// worded here, so nothing that the user sees depends on CLI11's version.
class Parser {
 public:
  explicit Parser(Arguments arguments);

  Command parse();

 private:
  void add_scenario(const ScenarioInfo& info);
  void add_option(CLI::App& app, const Option& option);

  // The steps of parse(); each refuses what it finds wrong.
  void split();
  void refuse_odd_arguments() const;
  void refuse_leftovers() const;
  void read_values() const;
  Command command_to_run();

  [[noreturn]] void refuse(std::string_view reason) const;
  [[noreturn]] void refuse_scenario(const std::string& word) const;
  [[noreturn]] void refuse_option(const std::string& leftover) const;

  [[nodiscard]] const Subcommand* chosen() const;
  [[nodiscard]] const Option* find_option(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> owners_of(std::string_view name) const;
  [[nodiscard]] std::string option_name(const std::string& typed) const;
  [[nodiscard]] std::string as_typed(const std::string& leftover) const;
  [[nodiscard]] std::string without_equals_sign(const std::string& value) const;
  [[nodiscard]] std::string help() const;

  const Arguments arguments_;
  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  const std::vector<OptionGroup> common_ = common_options(*settings_);
  std::vector<Subcommand> subcommands_;
  std::vector<Collected> collected_;
  CLI::App app_;
  CLI::App* list_ = nullptr;
};

// -- building ---------------------------------------------------------------------------

Parser::Parser(Arguments arguments) : arguments_(std::move(arguments)) {
  app_.set_help_flag();  // none of CLI11's
  app_.allow_extras();   // or a misspelt scenario is reported as a missing one
  app_.require_subcommand(0, 1);
  for (const OptionGroup& group : common_) {
    for (const Option& option : group.options) add_option(app_, option);
  }
  list_ = app_.add_subcommand("list")->fallthrough();
  list_->set_help_flag();
  for (const ScenarioInfo* info : scenarios()) add_scenario(*info);
}

void Parser::add_scenario(const ScenarioInfo& info) {
  auto scenario = info.make(*settings_);
  auto options = scenario->options();
  CLI::App* app = app_.add_subcommand(std::string(info.name))->fallthrough();
  app->set_help_flag();
  subcommands_.push_back({&info, std::move(scenario), std::move(options), app});
  for (const Option& option : subcommands_.back().options) add_option(*app, option);
}

void Parser::add_option(CLI::App& app, const Option& option) {
  const OptionText& text = option.text;
  std::string names = "--" + text.long_name;
  if (!text.short_name.empty()) names = "-" + text.short_name + "," + names;
  CLI::Option* values = text.is_flag() ? app.add_flag(names) : app.add_option(names);
  values->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);  // else repeating is an error
  collected_.push_back({&option, values});
}

// -- parsing ----------------------------------------------------------------------------

Command Parser::parse() {
  split();
  refuse_leftovers();
  read_values();

  Command command;
  if (settings_->help) {
    command.text = help();
  } else if (settings_->version) {
    command.text = version_text();
  } else if (list_->parsed()) {
    command.text = scenario_list();
  } else {
    command = command_to_run();
  }
  return command;
}

void Parser::split() {
  bool lacks_value = false;
  try {
    app_.parse(Arguments(arguments_.rbegin(), arguments_.rend()));
  } catch (const CLI::ParseError&) {
    lacks_value = true;
  }
  refuse_odd_arguments();
  // An option that takes any text can lack it at the end of the line only.
  if (lacks_value) refuse(in_quotes(arguments_.back()) + " needs a value");
}

/// Refuses what CLI11 takes without a word, or takes for something else.
void Parser::refuse_odd_arguments() const {
  for (const std::string& argument : arguments_) {
    if (argument == "--" || argument == "++") refuse("unexpected argument " + in_quotes(argument));
    const auto equals = argument.find('=');
    if (equals == std::string::npos) continue;
    const Option* option = find_option(std::string_view(argument).substr(0, equals));
    if (option == nullptr) continue;
    if (option->text.is_flag()) refuse(in_quotes(argument) + ": this option takes no value");
    if (equals + 1 == argument.size()) refuse(in_quotes(argument) + " needs a value");
  }
}

void Parser::refuse_leftovers() const {
  const Arguments leftovers = app_.remaining(true);
  if (leftovers.empty()) return;
  const std::string& first = leftovers.front();
  if (first.size() > 1 && first.starts_with('-')) refuse_option(first);
  if (app_.get_subcommands().empty()) refuse_scenario(first);
  refuse("unexpected argument " + in_quotes(first));
}

void Parser::read_values() const {
  for (const auto& [option, values] : collected_) {
    for (const std::string& value : values->results()) {
      const std::string text = option->text.is_flag() ? "" : without_equals_sign(value);
      try {
        option->set(text);
      } catch (const std::invalid_argument& error) {
        refuse(fmt::format("--{}: {} {}", option->text.long_name, in_quotes(text), error.what()));
      }
    }
  }
}

Command Parser::command_to_run() {
  const auto subcommand = std::find_if(subcommands_.begin(), subcommands_.end(),
                                       [](const Subcommand& s) { return s.app->parsed(); });
  if (subcommand == subcommands_.end()) {
    throw UsageError("no scenario given; try 'asyncdemo list' or 'asyncdemo --help'");
  }
  Command command{.kind = Command::Kind::run, .text = {}, .jobs = {}, .settings = {}};
  Job job;
  try {
    job.check = requested_check(*settings_, subcommand->scenario->ideal());
  } catch (const std::invalid_argument& error) {
    refuse(error.what());
  }
  job.name = subcommand->info->name;
  job.scenario = std::move(subcommand->scenario);
  job.options = std::move(subcommand->options);
  command.jobs.push_back(std::move(job));
  command.settings = std::move(settings_);
  return command;
}

// -- refusing ---------------------------------------------------------------------------

void Parser::refuse(std::string_view reason) const {
  const Subcommand* scenario = chosen();
  const std::string name = scenario == nullptr ? "" : fmt::format("{} ", scenario->info->name);
  throw UsageError(fmt::format("{}; try 'asyncdemo {}--help'", reason, name));
}

std::string suggestion(std::string_view typed, const std::vector<std::string>& candidates) {
  const auto guess = nearest(typed, candidates);
  return guess ? fmt::format(" (did you mean '{}'?)", *guess) : "";
}

void Parser::refuse_scenario(const std::string& word) const {
  std::vector<std::string> names{"list"};
  for (const Subcommand& subcommand : subcommands_) names.emplace_back(subcommand.info->name);
  throw UsageError(fmt::format("unknown scenario {}{}; try 'asyncdemo list'", in_quotes(word),
                               suggestion(word, names)));
}

void Parser::refuse_option(const std::string& leftover) const {
  const std::string typed = as_typed(leftover);
  const std::string name = option_name(typed);
  const auto owners = owners_of(name);
  const Subcommand* scenario = chosen();
  const std::string place = scenario == nullptr ? "" : fmt::format(" of {}", scenario->info->name);

  if (owners.empty()) {
    std::vector<std::string> names;
    names.reserve(collected_.size());
    for (const Collected& c : collected_) names.push_back("--" + c.option->text.long_name);
    refuse(fmt::format("unknown option {}{}{}", in_quotes(typed), place, suggestion(name, names)));
  }
  if (scenario != nullptr &&
      std::find(owners.begin(), owners.end(), scenario->info->name) != owners.end()) {
    refuse(fmt::format("option {} must stand after '{}'", in_quotes(name), scenario->info->name));
  }
  refuse(fmt::format("unknown option {}{} ({} {} it)", in_quotes(name), place,
                     fmt::join(owners, " and "), owners.size() == 1 ? "has" : "have"));
}

// -- looking up -------------------------------------------------------------------------

const Subcommand* Parser::chosen() const {
  for (const Subcommand& subcommand : subcommands_) {
    if (subcommand.app->parsed()) return &subcommand;
  }
  return nullptr;
}

/// Whether `name`, with its dashes, is one of the names of `option`.
bool is_called(const Option& option, std::string_view name) {
  if (name.starts_with("--")) return name.substr(2) == option.text.long_name;
  return name.size() == 2 && name.starts_with('-') && name.substr(1) == option.text.short_name;
}

const Option* Parser::find_option(std::string_view name) const {
  for (const Collected& collected : collected_) {
    if (is_called(*collected.option, name)) return collected.option;
  }
  return nullptr;
}

/// The scenarios that have an option of that name.
std::vector<std::string_view> Parser::owners_of(std::string_view name) const {
  std::vector<std::string_view> owners;
  for (const Subcommand& subcommand : subcommands_) {
    const auto& options = subcommand.options;
    if (std::any_of(options.begin(), options.end(),
                    [&](const Option& option) { return is_called(option, name); })) {
      owners.push_back(subcommand.info->name);
    }
  }
  return owners;
}

/// The part of `typed` that can be the name of an option: "--tasks" of "--tasks=3", "-t" of
/// "-t3".
std::string Parser::option_name(const std::string& typed) const {
  const std::string start = typed.substr(0, 2);
  return owners_of(start).empty() ? typed.substr(0, typed.find('=')) : start;
}

/// CLI11 takes "-qx" apart and leaves "-x": the argument that the user typed.
std::string Parser::as_typed(const std::string& leftover) const {
  const auto typed =
      std::find_if(arguments_.begin(), arguments_.end(), [&](const std::string& argument) {
        return argument == leftover ||
               (argument.starts_with('-') && argument.ends_with(leftover.substr(1)));
      });
  return typed == arguments_.end() ? leftover : *typed;
}

/// CLI11 makes "=5" of "-n=5".
std::string Parser::without_equals_sign(const std::string& value) const {
  const bool attached =
      std::any_of(arguments_.begin(), arguments_.end(), [&](const std::string& argument) {
        return argument.starts_with('-') && !argument.starts_with("--") &&
               argument.ends_with(value);
      });
  return value.starts_with('=') && attached ? value.substr(1) : value;
}

std::string Parser::help() const {
  const Subcommand* scenario = chosen();
  if (scenario == nullptr) return general_help(common_);
  return scenario_help(*scenario->info, scenario->options, common_);
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) arguments.emplace_back(argv[i]);
  return Parser(std::move(arguments)).parse();
}

}  // namespace asyncdemo
