#include "command_line/command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "command_line/completion.hpp"
#include "command_line/explain.hpp"
#include "command_line/grammar.hpp"
#include "command_line/help.hpp"
#include "command_line/list.hpp"
#include "command_line/man_page.hpp"
#include "command_line/tokenize.hpp"
#include "command_line/usage_checks.hpp"
#include "command_line/version.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

/// Makes a Command of a line.
class Parser {
 public:
  explicit Parser(Arguments arguments) : arguments_(std::move(arguments)) {}

  Command parse();

 private:
  void read_values() const;
  [[nodiscard]] std::string help_for(std::string_view command) const;
  [[nodiscard]] std::string text() const;

  // What is to be run.
  Command runs();
  void choose_defaults();
  PlannedRun planned_run(ScenarioEntry entry) const;

  const Arguments arguments_;
  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  Grammar grammar_{*settings_};
  const CommandLine line_ = tokenize(arguments_, grammar_);
  const UsageChecks checks_{arguments_, grammar_, line_};
};

Command Parser::parse() {
  checks_.check_syntax();
  checks_.check_leftovers();
  read_values();

  Command command;
  if (settings_->help) {
    command.text = help_for(line_.command);
    return command;
  }
  if (settings_->version) {
    command.text = version_text(settings_->verbose);
    return command;
  }
  checks_.check_missing_words();
  checks_.check_idle_options();
  const bool is_run = grammar_.find_scenario(line_.command) != nullptr ||
                      line_.command == "compare" || line_.command == "all";
  if (is_run) return runs();
  command.text = text();
  return command;
}

/// In the order of the line: of options that say opposite things the last wins.
void Parser::read_values() const {
  for (const auto& [option, value] : line_.occurrences) {
    try {
      option->set(value);
    } catch (const std::invalid_argument& error) {
      checks_.fail(
          fmt::format("--{}: {} {}", option->text.long_name, in_quotes(value), error.what()));
    }
  }
}

std::string Parser::help_for(std::string_view command) const {
  if (command.empty()) return general_help(grammar_);
  if (const ScenarioEntry* entry = grammar_.find_scenario(command)) {
    return scenario_help(*entry, grammar_);
  }
  return command_help(*find_command(command), grammar_);
}

/// The commands that only print something.
std::string Parser::text() const {
  const Arguments words = line_.words();
  const std::string word = words.empty() ? "" : words.front();
  if (line_.command == "list") {
    return settings_->format == Format::text ? scenario_list() : scenario_document(grammar_);
  }
  if (line_.command == "explain") return explanation(*grammar_.find_scenario(word)->info);
  if (line_.command == "completion") return std::string(completion_script(word));
  if (line_.command == "man") return man_page(grammar_);
  return help_for(word);
}

Command Parser::runs() {
  choose_defaults();
  checks_.check_contradictions(*settings_);

  Command command;
  if (line_.command == "compare") {
    command.kind = Command::Kind::compare;
    for (const std::string& name : line_.words()) {
      command.runs.push_back(planned_run({*grammar_.find_scenario(name)->info, *settings_}));
    }
  } else if (line_.command == "all") {
    command.kind = Command::Kind::all;
    for (ScenarioEntry& entry : grammar_.scenarios) {
      command.runs.push_back(planned_run(std::move(entry)));
    }
  } else {
    command.kind = Command::Kind::run;
    const auto chosen =
        std::find_if(grammar_.scenarios.begin(), grammar_.scenarios.end(),
                     [&](const ScenarioEntry& entry) { return entry.info->name == line_.command; });
    command.runs.push_back(planned_run(std::move(*chosen)));
  }
  command.settings = std::move(settings_);
  return command;
}

/// What compare and all take for granted where the line says nothing else.
void Parser::choose_defaults() {
  if (line_.command == "compare" && !settings_->clock) {
    settings_->clock = asyncio::ClockKind::virtual_time;
  }
  if (line_.command == "all") {
    settings_->check = true;
    const bool real = clock_of(*settings_) == asyncio::ClockKind::real;
    if (real && !line_.has("interval")) settings_->interval = 20ms;
  }
}

PlannedRun Parser::planned_run(ScenarioEntry entry) const {
  PlannedRun planned;
  try {
    planned.check = requested_check(*settings_, entry.scenario->ideal());
  } catch (const std::invalid_argument& error) {
    checks_.fail(error.what());
  }
  planned.name = entry.info->name;
  planned.scenario = std::move(entry.scenario);
  planned.options = std::move(entry.options);
  return planned;
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) arguments.emplace_back(argv[i]);
  if (!arguments.empty() && arguments.front() == "--complete") {  // the completion scripts ask
    arguments.erase(arguments.begin());
    Settings ignored;
    Command command;
    command.text = completion_candidates(std::move(arguments), Grammar(ignored));
    return command;
  }
  return Parser(std::move(arguments)).parse();
}

}  // namespace asyncdemo
