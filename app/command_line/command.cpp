#include "command_line/command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "command_line/command_line.hpp"
#include "command_line/completion.hpp"
#include "command_line/explain.hpp"
#include "command_line/grammar.hpp"
#include "command_line/help.hpp"
#include "command_line/list.hpp"
#include "command_line/man_page.hpp"
#include "command_line/usage_checks.hpp"
#include "command_line/version.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

/// Turns a command line into a Command.
class Parser {
 public:
  explicit Parser(Arguments arguments) : line_(read_command_line(std::move(arguments), grammar_)) {}

  Command parse();

 private:
  [[nodiscard]] std::string help_for(std::string_view command) const;
  [[nodiscard]] std::string text() const;
  Command runs(Command::Kind kind);
  void choose_defaults(Command::Kind kind);
  std::vector<PlannedRun> planned_runs(Command::Kind kind);
  PlannedRun planned_run(ScenarioEntry entry) const;

  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  Grammar grammar_{*settings_};
  const CommandLine line_;
};

Command text_command(std::string text) {
  Command command;
  command.text = std::move(text);
  return command;
}

Command Parser::parse() {
  check_arguments(line_, grammar_);
  if (settings_->help) return text_command(help_for(line_.command));
  if (settings_->version) return text_command(version_text(settings_->verbose));
  check_command(line_);
  if (line_.command == "compare") return runs(Command::Kind::compare);
  if (line_.command == "all") return runs(Command::Kind::all);
  if (grammar_.find_scenario(line_.command) != nullptr) return runs(Command::Kind::run);
  return text_command(text());
}

std::string Parser::help_for(std::string_view command) const {
  if (command.empty()) return general_help(grammar_);
  if (const ScenarioEntry* entry = grammar_.find_scenario(command)) {
    return scenario_help(*entry, grammar_);
  }
  return command_help(*find_command(command), grammar_);
}

/// Returns the output of a command that runs no scenario.
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

Command Parser::runs(Command::Kind kind) {
  choose_defaults(kind);
  check_outputs(line_, *settings_);
  Command command;
  command.kind = kind;
  command.runs = planned_runs(kind);
  command.settings = std::move(settings_);
  return command;
}

/// Sets the defaults that differ for compare and all.
void Parser::choose_defaults(Command::Kind kind) {
  if (kind == Command::Kind::compare && !settings_->clock) {
    settings_->clock = asyncio::ClockKind::virtual_time;
  }
  if (kind == Command::Kind::all) {
    settings_->check = true;
    const bool real = clock_of(*settings_) == asyncio::ClockKind::real;
    if (real && !line_.has("interval")) settings_->interval = 20ms;
  }
}

std::vector<PlannedRun> Parser::planned_runs(Command::Kind kind) {
  std::vector<PlannedRun> runs;
  if (kind == Command::Kind::compare) {
    for (const std::string& name : line_.words()) {
      runs.push_back(planned_run({*grammar_.find_scenario(name)->info, *settings_}));
    }
    return runs;
  }
  for (ScenarioEntry& entry : grammar_.scenarios) {
    const bool is_chosen = kind == Command::Kind::all || entry.info->name == line_.command;
    if (is_chosen) runs.push_back(planned_run(std::move(entry)));
  }
  return runs;
}

PlannedRun Parser::planned_run(ScenarioEntry entry) const {
  PlannedRun planned;
  try {
    planned.check = requested_check(*settings_, entry.scenario->ideal());
  } catch (const std::invalid_argument& error) {
    line_.fail(error.what());
  }
  planned.name = entry.info->name;
  planned.scenario = std::move(entry.scenario);
  planned.options = std::move(entry.options);
  return planned;
}

/// Answers `asyncdemo --complete WORD...`, which the completion scripts call.
Command completion(Arguments words) {
  Settings ignored;
  return text_command(completion_candidates(std::move(words), Grammar(ignored)));
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  Arguments arguments(argv + std::min(argc, 1), argv + argc);
  if (!arguments.empty() && arguments.front() == "--complete") {
    return completion({arguments.begin() + 1, arguments.end()});
  }
  return Parser(std::move(arguments)).parse();
}

}  // namespace asyncdemo
