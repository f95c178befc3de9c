#include "command_line/usage_checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "command_line/spelling.hpp"

namespace asyncdemo {
namespace {

using Names = std::vector<std::string>;

std::string suggestion(std::string_view typed, const Names& candidates) {
  const auto guess = nearest(typed, candidates);
  return guess ? fmt::format(" (did you mean '{}'?)", *guess) : "";
}

/// Refuses what CLI11 accepts or misunderstands.
void check_syntax(const CommandLine& line, const Grammar& grammar) {
  const auto options = grammar.all_options();
  for (const std::string& argument : line.arguments) {
    if (argument == "--" || argument == "++") {
      line.fail("unexpected argument " + in_quotes(argument));
    }
    const auto equals = argument.find('=');
    if (equals == std::string::npos) continue;
    const auto name = std::string_view(argument).substr(0, equals);
    const auto option = std::find_if(options.begin(), options.end(),
                                     [&](const Option* o) { return is_called(*o, name); });
    if (option == options.end()) continue;
    if ((*option)->text.is_flag()) line.fail(in_quotes(argument) + ": this option takes no value");
    if (equals + 1 == argument.size()) line.fail(in_quotes(argument) + " needs a value");
  }
  if (line.lacks_value) line.fail(in_quotes(line.arguments.back()) + " needs a value");
}

// --- Leftovers ---

/// Returns the option's name: "--tasks" for "--tasks=3", "-t" for "-t3".
std::string option_name(const std::string& typed, const Grammar& grammar) {
  const std::string start = typed.substr(0, 2);
  return grammar.owners_of(start).empty() ? typed.substr(0, typed.find('=')) : start;
}

[[noreturn]] void refuse_option(const std::string& typed, const CommandLine& line,
                                const Grammar& grammar) {
  const std::string name = option_name(typed, grammar);
  const auto owners = grammar.owners_of(name);
  const std::string place = line.command.empty() ? "" : " of " + line.command;

  if (owners.empty()) {
    Names names;
    for (const Option* option : grammar.all_options()) {
      names.push_back("--" + option->text.long_name);
    }
    line.fail(
        fmt::format("unknown option {}{}{}", in_quotes(typed), place, suggestion(name, names)));
  }
  if (std::find(owners.begin(), owners.end(), line.command) != owners.end()) {
    line.fail(fmt::format("option {} must come after '{}'", in_quotes(name), line.command));
  }
  line.fail(fmt::format("unknown option {}{} ({} {} it)", in_quotes(name), place,
                        fmt::join(owners, " and "), owners.size() == 1 ? "has" : "have"));
}

[[noreturn]] void refuse_scenario(const std::string& word, const Names& candidates) {
  throw UsageError(fmt::format("unknown scenario {}{}; try 'asyncdemo list'", in_quotes(word),
                               suggestion(word, candidates)));
}

/// Checks the word at position `index` among the words of the line.
void check_word(const std::string& word, std::size_t index, const CommandLine& line,
                const Grammar& grammar) {
  using enum Words::Kind;
  if (line.command.empty()) refuse_scenario(word, grammar.names(command));
  const Words allowed = words_after(line.command);
  if (index >= allowed.most) line.fail("unexpected argument " + in_quotes(word));
  const Names names = grammar.names(allowed.kind);
  if (std::find(names.begin(), names.end(), word) != names.end()) return;
  if (allowed.kind == scenario) refuse_scenario(word, names);
  if (allowed.kind == shell) {
    line.fail(fmt::format("{} is not one of {}", in_quotes(word), fmt::join(names, ", ")));
  }
  line.fail(fmt::format("unknown command {}{}", in_quotes(word), suggestion(word, names)));
}

void check_leftovers(const CommandLine& line, const Grammar& grammar) {
  std::size_t words = 0;
  for (const std::string& leftover : line.leftovers) {
    if (is_dashed(leftover)) refuse_option(leftover, line, grammar);
    check_word(leftover, words++, line, grammar);
  }
}

// --- Commands ---

void check_idle_options(const CommandLine& line) {
  const CommandInfo* const command = find_command(line.command);
  if (command == nullptr) return;
  for (const Option* option : line.options) {
    if (takes(*command, *option)) continue;
    line.fail(fmt::format("{} does not accept --{}", line.command, option->text.long_name));
  }
}

/// Returns the options that write to standard output, as the user would type them.
Names claims_on_stdout(const CommandLine& line, const Settings& settings) {
  Names claims;
  if (settings.svg == "-") claims.emplace_back("--svg -");
  if (settings.trace == "-") claims.emplace_back("--trace -");
  if (settings.format == Format::json) {
    claims.emplace_back(line.has("json") ? "--json" : "--format json");
  }
  if (settings.format == Format::jsonl) claims.emplace_back("--format jsonl");
  const bool chart = settings.timeline == TimelineChoice::always;
  if (chart || settings.live) claims.emplace_back(chart ? "--timeline" : "--live");  // one picture
  return claims;
}

}  // namespace

void check_arguments(const CommandLine& line, const Grammar& grammar) {
  check_syntax(line, grammar);
  check_leftovers(line, grammar);
  if (!line.bad_value.empty()) line.fail(line.bad_value);
}

void check_command(const CommandLine& line) {
  if (line.command.empty()) {
    throw UsageError("no scenario given; try 'asyncdemo list' or 'asyncdemo --help'");
  }
  const Words words = words_after(line.command);
  if (line.words().size() < words.least) {
    line.fail(fmt::format("{} needs {}", line.command, words.need));
  }
  check_idle_options(line);
}

void check_outputs(const CommandLine& line, const Settings& settings) {
  const Names claims = claims_on_stdout(line, settings);
  if (claims.size() > 1) {
    line.fail(fmt::format("{} and {} both write to standard output", claims[0], claims[1]));
  }
  if (settings.quiet > 1 && !claims.empty()) {
    line.fail(fmt::format("-qq writes nothing, but {} writes to standard output", claims[0]));
  }
}

}  // namespace asyncdemo
