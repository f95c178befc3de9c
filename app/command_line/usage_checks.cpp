#include "command_line/usage_checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "command_line/spelling.hpp"

namespace asyncdemo {
namespace {

std::string suggestion(std::string_view typed, const std::vector<std::string>& candidates) {
  const auto guess = nearest(typed, candidates);
  return guess ? fmt::format(" (did you mean '{}'?)", *guess) : "";
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void UsageChecks::fail(std::string_view reason) const {
  const std::string command = line_.command.empty() ? "" : line_.command + " ";
  throw UsageError(fmt::format("{}; try 'asyncdemo {}--help'", reason, command));
}

void UsageChecks::check_syntax() const {
  const auto options = grammar_.all_options();
  for (const std::string& argument : arguments_) {
    if (argument == "--" || argument == "++") fail("unexpected argument " + in_quotes(argument));
    const auto equals = argument.find('=');
    if (equals == std::string::npos) continue;
    const auto name = std::string_view(argument).substr(0, equals);
    const auto option = std::find_if(options.begin(), options.end(),
                                     [&](const Option* o) { return is_called(*o, name); });
    if (option == options.end()) continue;
    if ((*option)->text.is_flag()) fail(in_quotes(argument) + ": this option takes no value");
    if (equals + 1 == argument.size()) fail(in_quotes(argument) + " needs a value");
  }
  if (line_.lacks_value) fail(in_quotes(arguments_.back()) + " needs a value");
}

// -- leftovers --------------------------------------------------------------------------

void UsageChecks::check_leftovers() const {
  std::size_t words = 0;
  for (const std::string& leftover : line_.leftovers) {
    if (is_dashed(leftover)) unknown_option(leftover);
    check_word(leftover, words++);
  }
}

void UsageChecks::check_word(const std::string& word, std::size_t index) const {
  if (line_.command.empty()) unknown_scenario(word, grammar_.command_names());
  const Words allowed = words_after(line_.command);
  if (index >= most_words(allowed)) fail("unexpected argument " + in_quotes(word));
  if (allowed == Words::shell && !contains(shells(), word)) {
    fail(fmt::format("{} is not one of {}", in_quotes(word), fmt::join(shells(), ", ")));
  }
  if (allowed == Words::command && !contains(grammar_.command_names(), word)) {
    fail(fmt::format("unknown command {}{}", in_quotes(word),
                     suggestion(word, grammar_.command_names())));
  }
  const bool takes_scenario = allowed == Words::scenario || allowed == Words::scenarios;
  if (takes_scenario && grammar_.find_scenario(word) == nullptr) {
    unknown_scenario(word, grammar_.scenario_names());
  }
}

void UsageChecks::check_missing_words() const {
  if (line_.command.empty()) {
    throw UsageError("no scenario given; try 'asyncdemo list' or 'asyncdemo --help'");
  }
  const Words wanted = words_after(line_.command);
  if (wanted == Words::scenarios && line_.words().size() < 2) {
    fail(line_.command + " needs two scenarios or more");
  }
  if (!line_.words().empty()) return;
  if (wanted == Words::scenario) fail(line_.command + " needs a scenario");
  if (wanted == Words::shell) {
    fail(fmt::format("{} needs a shell: {}", line_.command, fmt::join(shells(), ", ")));
  }
}

void UsageChecks::check_idle_options() const {
  const CommandInfo* const command = find_command(line_.command);
  if (command == nullptr) return;
  for (const auto& [option, value] : line_.occurrences) {
    if (takes(*command, *option)) continue;
    fail(fmt::format("{} takes no --{}", line_.command, option->text.long_name));
  }
}

void UsageChecks::unknown_scenario(const std::string& word,
                                   const std::vector<std::string>& candidates) const {
  throw UsageError(fmt::format("unknown scenario {}{}; try 'asyncdemo list'", in_quotes(word),
                               suggestion(word, candidates)));
}

void UsageChecks::unknown_option(const std::string& typed) const {
  const std::string name = option_name(typed);
  const auto owners = grammar_.owners_of(name);
  const std::string place = line_.command.empty() ? "" : " of " + line_.command;

  if (owners.empty()) {
    std::vector<std::string> names;
    for (const Option* option : grammar_.all_options()) {
      names.push_back("--" + option->text.long_name);
    }
    fail(fmt::format("unknown option {}{}{}", in_quotes(typed), place, suggestion(name, names)));
  }
  if (std::find(owners.begin(), owners.end(), line_.command) != owners.end()) {
    fail(fmt::format("option {} must stand after '{}'", in_quotes(name), line_.command));
  }
  fail(fmt::format("unknown option {}{} ({} {} it)", in_quotes(name), place,
                   fmt::join(owners, " and "), owners.size() == 1 ? "has" : "have"));
}

/// The part of `typed` that can be the name of an option: "--tasks" of "--tasks=3", "-t" of
/// "-t3".
std::string UsageChecks::option_name(const std::string& typed) const {
  const std::string start = typed.substr(0, 2);
  return grammar_.owners_of(start).empty() ? typed.substr(0, typed.find('=')) : start;
}

// -- contradictions ---------------------------------------------------------------------

void UsageChecks::check_contradictions(const Settings& settings) const {
  const auto claims = claims_on_stdout(settings);
  if (claims.size() > 1) {
    fail(fmt::format("{} and {} both write to standard output", claims[0], claims[1]));
  }
  if (settings.quiet > 1 && !claims.empty()) {
    fail(fmt::format("-qq writes nothing, {} writes to standard output", claims[0]));
  }
}

/// The options that want standard output for themselves, as the user would write them.
std::vector<std::string> UsageChecks::claims_on_stdout(const Settings& settings) const {
  std::vector<std::string> claims;
  if (settings.svg == "-") claims.emplace_back("--svg -");
  if (settings.trace == "-") claims.emplace_back("--trace -");
  if (settings.format == Format::json) {
    claims.emplace_back(line_.has("json") ? "--json" : "--format json");
  }
  if (settings.format == Format::jsonl) claims.emplace_back("--format jsonl");
  const bool chart = settings.timeline == TimelineChoice::always;
  if (chart || settings.live) claims.emplace_back(chart ? "--timeline" : "--live");  // one picture
  return claims;
}

}  // namespace asyncdemo
