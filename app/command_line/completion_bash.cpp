#include <fmt/format.h>
#include <fmt/ranges.h>

#include "command_line/completion.hpp"

namespace asyncdemo {
namespace {

// No array is read from a command, and compopt may be missing: macOS has bash 3.2.
constexpr std::string_view kBashHead =
    R"(# bash completion of asyncdemo, written by `asyncdemo completion bash`.
_asyncdemo() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local command='' given=0 choices='' options i
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      @VALUED@)
        i=$((i + 1))
        if [[ ${COMP_WORDS[i]} == '=' ]]; then i=$((i + 1)); fi
        ;;
      -* | =) ;;
      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else given=$((given + 1)); fi ;;
    esac
  done
)";

constexpr std::string_view kBashTail =
    R"(  if [[ -z $choices || $cur == -* ]]; then choices=$options; fi
  COMPREPLY=($(compgen -W "$choices" -- "$cur"))
}
complete -F _asyncdemo asyncdemo
)";

constexpr std::string_view kFiles = R"(      compopt -o filenames 2>/dev/null
      local IFS=$'\n'
      COMPREPLY=($(compgen -f -- "$cur"))
      return
)";

constexpr std::string_view kChoose = R"(  if [[ -n $choices ]]; then
    COMPREPLY=($(compgen -W "$choices" -- "$cur"))
    return
  fi
)";

/// "-n|--cycles", for a pattern; blanks between the words for a list.
std::string names_of(const Option& option, std::string_view between) {
  std::string names;
  if (!option.text.short_name.empty()) {
    names += fmt::format("-{}{}", option.text.short_name, between);
  }
  return names += fmt::format("--{}", option.text.long_name);
}

template <class Options>
std::string joined(const Options& options, std::string_view between) {
  std::string result;
  for (const Option* option : options) {
    if (!result.empty()) result += between;
    result += names_of(*option, between);
  }
  return result;
}

std::vector<const Option*> pointers_to(const std::vector<Option>& options) {
  std::vector<const Option*> pointers;
  pointers.reserve(options.size());
  for (const Option& option : options) pointers.push_back(&option);
  return pointers;
}

/// What follows an option that takes a word of a few, or a file; nothing is known of the others.
std::string value_cases(const Grammar& grammar) {
  std::string result = "  case $prev in\n";
  std::vector<const Option*> files;
  for (const Option* option : grammar.all_options()) {
    if (option->takes_file) files.push_back(option);
    if (option->choices.empty()) continue;
    result += fmt::format("    {}) choices='{}' ;;\n", names_of(*option, "|"),
                          fmt::join(option->choices, " "));
  }
  result += fmt::format("    {})\n{}      ;;\n", joined(files, "|"), kFiles);
  result += fmt::format("    {}) return ;;\n  esac\n", fmt::join(names_with_value(grammar), "|"));
  result += kChoose;
  return result;
}

/// The words after each command.
std::string word_cases(const Grammar& grammar) {
  const auto line = [](std::string_view pattern, const auto& words) {
    return fmt::format("    {}) choices='{}' ;;\n", pattern, fmt::join(words, " "));
  };
  std::string result = "  case $command:$given in\n";
  result += line(":0", grammar.command_names());
  for (const CommandInfo& command : commands()) {
    const std::string once = fmt::format("{}:0", command.name);
    switch (command.words) {
      case Words::none:
        break;
      case Words::scenario:
        result += line(once, grammar.scenario_names());
        break;
      case Words::scenarios:
        result += line(fmt::format("{}:*", command.name), grammar.scenario_names());
        break;
      case Words::shell:
        result += line(once, shells());
        break;
      case Words::command:
        result += line(once, grammar.command_names());
        break;
    }
  }
  return result + "  esac\n";
}

std::string option_cases(const Grammar& grammar) {
  std::string result =
      fmt::format("  options='{}'\n  case $command in\n", joined(grammar.common_options(), " "));
  for (const ScenarioEntry& entry : grammar.scenarios) {
    if (entry.options.empty()) continue;
    result += fmt::format("    {}) options+=' {}' ;;\n", entry.info->name,
                          joined(pointers_to(entry.options), " "));
  }
  for (const CommandInfo& command : commands()) {
    if (command.options == CommonOptions::all) continue;
    result += fmt::format("    {}) options='{}' ;;\n", command.name,
                          joined(grammar.options_of(command), " "));
  }
  return result + "  esac\n";
}

}  // namespace

std::string bash_completion(const Grammar& grammar) {
  std::string result(kBashHead);
  const std::string_view mark = "@VALUED@";
  result.replace(result.find(mark), mark.size(),
                 fmt::format("{}", fmt::join(names_with_value(grammar), " | ")));
  result += value_cases(grammar);
  result += word_cases(grammar);
  result += option_cases(grammar);
  result += kBashTail;
  return result;
}

}  // namespace asyncdemo
