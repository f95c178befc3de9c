#include <fmt/format.h>
#include <fmt/ranges.h>

#include "command_line/completion.hpp"

namespace asyncdemo {
namespace {

// __asyncdemo_at prints whether the words before the cursor are a command of those given, with
// fewer than so many words after it.
constexpr std::string_view kFishHead =
    R"(# fish completion of asyncdemo, written by `asyncdemo completion fish`.
function __asyncdemo_words
    set -l tokens (commandline -opc)
    set -l skip 1 # the program's name
    for token in $tokens
        if test $skip = 1
            set skip 0
            continue
        end
        switch $token
            case @VALUED@
                set skip 1
            case '-*'
            case '*'
                echo $token
        end
    end
end

# Whether COMMAND is given, and fewer than MOST words after it.
function __asyncdemo_at --argument-names command most
    set -l words (__asyncdemo_words)
    test (count $words) -gt 0; and test "$words[1]" = "$command"; or return 1
    test -z "$most"; or test (count $words) -le $most
end

function __asyncdemo_is_free
    test (count (__asyncdemo_words)) -eq 0
end

complete -c asyncdemo -f
)";

/// `text` as one word of fish.
std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result += '\'';
}

/// One option, where `condition` holds.
std::string option_line(const Option& option, std::string_view condition) {
  const OptionText& text = option.text;
  std::string line = "complete -c asyncdemo";
  if (!condition.empty()) line += fmt::format(" -n {}", fish_quoted(condition));
  if (!text.short_name.empty()) line += fmt::format(" -s {}", text.short_name);
  line += fmt::format(" -l {}", text.long_name);
  if (option.takes_file) {
    line += " -r -F";
  } else if (!option.choices.empty()) {
    line += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
  } else if (!text.is_flag()) {
    line += " -x";
  }
  return line += fmt::format(" -d {}\n", fish_quoted(text.description));
}

/// Where a common option is offered: not behind the commands that do not take it.
std::string place_of(const Option& option) {
  std::string condition;
  for (const CommandInfo& command : commands()) {
    if (takes(command, option)) continue;
    if (!condition.empty()) condition += "; and ";
    condition += fmt::format("not __asyncdemo_at {}", command.name);
  }
  return condition;
}

std::string word_line(std::string_view condition, std::string_view word, std::string_view text) {
  return fmt::format("complete -c asyncdemo -n {} -a {} -d {}\n", fish_quoted(condition), word,
                     fish_quoted(text));
}

std::string scenario_lines(std::string_view condition, const Grammar& grammar) {
  std::string result;
  for (const ScenarioEntry& entry : grammar.scenarios) {
    result += word_line(condition, entry.info->name, entry.info->lesson);
  }
  return result;
}

std::string command_lines(std::string_view condition, const Grammar& grammar) {
  std::string result = scenario_lines(condition, grammar);
  for (const CommandInfo& command : commands()) {
    result += word_line(condition, command.name, command.summary);
  }
  return result;
}

std::string lines_after(const CommandInfo& command, const Grammar& grammar) {
  const std::string always = fmt::format("__asyncdemo_at {}", command.name);
  const std::string once = fmt::format("__asyncdemo_at {} 1", command.name);
  switch (command.words) {
    case Words::none:
      break;
    case Words::scenario:
      return scenario_lines(once, grammar);
    case Words::scenarios:
      return scenario_lines(always, grammar);
    case Words::command:
      return command_lines(once, grammar);
    case Words::shell: {
      std::string result;
      for (const std::string& shell : shells()) result += word_line(once, shell, "");
      return result;
    }
  }
  return "";
}

}  // namespace

std::string fish_completion(const Grammar& grammar) {
  std::string result(kFishHead);
  const std::string_view mark = "@VALUED@";
  result.replace(result.find(mark), mark.size(),
                 fmt::format("{}", fmt::join(names_with_value(grammar), " ")));
  result += command_lines("__asyncdemo_is_free", grammar);
  for (const CommandInfo& command : commands()) result += lines_after(command, grammar);
  for (const Option* option : grammar.common_options())
    result += option_line(*option, place_of(*option));
  for (const ScenarioEntry& entry : grammar.scenarios) {
    const std::string condition = fmt::format("__asyncdemo_at {}", entry.info->name);
    for (const Option& option : entry.options) result += option_line(option, condition);
  }
  return result;
}

}  // namespace asyncdemo
