#include "command_line/completion.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asyncdemo {
namespace {

// --- Scripts ---

// bash 3.2, which macOS has, lacks compopt: it offers files wherever nothing else fits.
constexpr std::string_view kBash =
    R"bash(# bash completion of asyncdemo, written by `asyncdemo completion bash`.
_asyncdemo() {
  local word=${COMP_WORDS[COMP_CWORD]} candidates candidate
  if [[ $word == '=' ]]; then word=''; fi
  candidates=$("${COMP_WORDS[0]/#\~/$HOME}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=()
  if [[ $candidates == ':file' ]]; then return; fi # bash completes it: -o default
  compopt +o default 2>/dev/null
  while IFS=$'\t' read -r candidate _; do
    if [[ -n $candidate && $candidate == "$word"* ]]; then COMPREPLY+=("$candidate"); fi
  done <<<"$candidates"
}
complete -o default -F _asyncdemo asyncdemo
)bash";

// The script registers itself if it is sourced; in a directory of $fpath it is the function itself.
constexpr std::string_view kZsh =
    R"zsh(#compdef asyncdemo
# zsh completion of asyncdemo, written by `asyncdemo completion zsh`.
_asyncdemo() {
  local -a candidates
  candidates=(${(f)"$(${~words[1]} --complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)"})
  if [[ $PREFIX == --*=* ]]; then compset -P 1 '*='; fi
  if [[ $candidates == ':file' ]]; then
    _files
  else
    candidates=("${(@)candidates/$'\t'/:}")
    _describe -t candidates candidate candidates
  fi
}

if [[ $funcstack[1] == _asyncdemo ]]; then
  _asyncdemo "$@"
else
  compdef _asyncdemo asyncdemo
fi
)zsh";

constexpr std::string_view kFish =
    R"fish(# fish completion of asyncdemo, written by `asyncdemo completion fish`.
# Sets the candidates; fails where the name of a file is wanted, which fish completes.
function __asyncdemo_ask
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program (string replace -r '^~' -- $HOME $words[1])
    type -q $program; or return
    set -e words[1]
    set -l start (string match -r -- '^--[^=]*=' $word)
    set -l candidates ($program --complete $words "$word" 2>/dev/null)
    set -g __asyncdemo_candidates "$start"$candidates
    test "$candidates" != ':file'
end
complete -c asyncdemo -n __asyncdemo_ask -f -a '$__asyncdemo_candidates'
)fish";

// --- Candidates ---

std::string candidate(std::string_view word, std::string_view description) {
  return fmt::format("{}{}{}\n", word, description.empty() ? "" : "\t", description);
}

std::string candidates(const std::vector<std::string>& words) {
  std::string result;
  for (const std::string& word : words) result += candidate(word, "");
  return result;
}

std::string scenario_candidates(const Grammar& grammar) {
  std::string result;
  for (const ScenarioEntry& entry : grammar.scenarios) {
    result += candidate(entry.info->name, entry.info->lesson);
  }
  return result;
}

std::string command_candidates(const Grammar& grammar) {
  std::string result = scenario_candidates(grammar);
  for (const CommandInfo& command : commands()) result += candidate(command.name, command.summary);
  return result;
}

std::string value_candidates(const Option& option) {
  return option.takes_file ? ":file\n" : candidates(option.choices);
}

/// Returns candidates for the next word of `line`.
std::string word_candidates(const CommandLine& line, const Grammar& grammar) {
  const std::size_t given = line.words().size();
  if (line.command.empty()) return given == 0 ? command_candidates(grammar) : "";
  const Words allowed = words_after(line.command);
  if (given >= allowed.most) return "";
  if (allowed.kind == Words::Kind::shell) return candidates(grammar.names(allowed.kind));
  return allowed.kind == Words::Kind::command ? command_candidates(grammar)
                                              : scenario_candidates(grammar);
}

std::string option_candidates(const std::string& command, const Grammar& grammar) {
  const CommandInfo* info = find_command(command);
  auto options = info == nullptr ? grammar.common_options() : grammar.options_of(*info);
  if (const ScenarioEntry* entry = grammar.find_scenario(command)) {
    for (const Option& option : entry->options) options.push_back(&option);
  }
  std::string result;
  for (const Option* option : options) {
    const OptionText& text = option->text;
    if (!text.short_name.empty()) result += candidate("-" + text.short_name, text.description);
    result += candidate("--" + text.long_name, text.description);
  }
  return result;
}

/// Returns the option whose value comes after `argument`: "--cycles", "-n" or "-qn".
const Option& option_before_value(std::string argument, const Grammar& grammar) {
  if (!argument.starts_with("--")) argument = {'-', argument.back()};
  const auto options = grammar.all_options();
  return **std::find_if(options.begin(), options.end(),
                        [&](const Option* option) { return is_called(*option, argument); });
}

}  // namespace

std::string_view completion_script(std::string_view shell) {
  if (shell == "zsh") return kZsh;
  if (shell == "fish") return kFish;
  return kBash;
}

std::string completion_candidates(Arguments words, const Grammar& grammar) {
  std::string last;
  if (!words.empty()) {
    last = std::move(words.back());
    words.pop_back();
  }
  // "--clock=vir" is one word, but bash passes three.
  if (last == "=") last.clear();
  std::erase(words, "=");
  const auto equals = last.starts_with("--") ? last.find('=') : std::string::npos;
  if (equals != std::string::npos) words.push_back(last.substr(0, equals));

  const CommandLine line = read_command_line(words, grammar);
  if (line.lacks_value) return value_candidates(option_before_value(words.back(), grammar));
  if (equals != std::string::npos) return "";
  if (last.starts_with('-')) return option_candidates(line.command, grammar);
  std::string fitting = word_candidates(line, grammar);
  return fitting.empty() && last.empty() ? option_candidates(line.command, grammar) : fitting;
}

}  // namespace asyncdemo
