#include <fmt/format.h>
#include <fmt/ranges.h>

#include "command_line/completion.hpp"

namespace asyncdemo {
namespace {

/// `text` with a backslash before each of `characters`.
std::string escaped(std::string_view text, std::string_view characters) {
  std::string result;
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

/// `text` as one word of the shell.
std::string zsh_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result += '\'';
}

/// ":FILE:_files" and the like: what the value of an option is.
std::string value_of(const Option& option) {
  if (option.text.is_flag()) return "";
  if (option.takes_file) return ":file:_files";
  if (option.choices.empty()) {
    return fmt::format(":{}: ", escaped(option.text.value_name, ":"));
  }
  return fmt::format(":{}:({})", option.text.long_name, fmt::join(option.choices, " "));
}

/// The lines of _arguments for one option; each of its names may be repeated.
std::string specification(const Option& option) {
  const OptionText& text = option.text;
  const std::string rest =
      fmt::format("[{}]{}", escaped(text.description, "[]\\"), value_of(option));
  const std::string_view short_end = text.is_flag() ? "" : "+";
  const std::string_view long_end = text.is_flag() ? "" : "=";
  std::string result;
  if (!text.short_name.empty()) {
    const std::string line = fmt::format("*-{}{}{}", text.short_name, short_end, rest);
    result += fmt::format("    {}\n", zsh_quoted(line));
  }
  const std::string line = fmt::format("*--{}{}{}", text.long_name, long_end, rest);
  return result += fmt::format("    {}\n", zsh_quoted(line));
}

std::string described(std::string_view name, std::string_view text) {
  return fmt::format("    {}\n", zsh_quoted(fmt::format("{}:{}", name, escaped(text, ":\\"))));
}

std::string arrays(const Grammar& grammar) {
  std::string result = "  local -a common scenarios commands\n  common=(\n";
  for (const Option* option : grammar.common_options()) result += specification(*option);
  result += "  )\n  scenarios=(\n";
  for (const ScenarioEntry& entry : grammar.scenarios) {
    result += described(entry.info->name, entry.info->lesson);
  }
  result += "  )\n  commands=(\n";
  for (const CommandInfo& command : commands()) result += described(command.name, command.summary);
  return result + "  )\n";
}

std::string arguments_of(Words words) {
  switch (words) {
    case Words::none:
      break;
    case Words::scenario:
      return " '1:scenario:{_describe -t scenarios scenario scenarios}'";
    case Words::scenarios:
      return " '*:scenario:{_describe -t scenarios scenario scenarios}'";
    case Words::shell:
      return fmt::format(" '1:shell:({})'", fmt::join(shells(), " "));
    case Words::command:
      return " '1:command:{_describe -t commands command scenarios -- commands}'";
  }
  return "";
}

/// A case of its own for the command `name`, with an array of options.
std::string case_of(std::string_view name, std::string_view array, const std::string& options,
                    std::string_view arguments) {
  std::string lines = options;
  for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1) {
    lines.insert(at, "    ");
  }
  return fmt::format("    {})\n      {}=(\n{}      )\n      _arguments -s {}\n      ;;\n", name,
                     array, lines, arguments);
}

std::string cases(const Grammar& grammar) {
  std::string result;
  for (const ScenarioEntry& entry : grammar.scenarios) {
    if (entry.options.empty()) continue;
    std::string own;
    for (const Option& option : entry.options) own += specification(option);
    result += case_of(entry.info->name, "own", own, "$common $own");
  }
  for (const CommandInfo& command : commands()) {
    const std::string arguments = "$common" + arguments_of(command.words);
    if (command.options == CommonOptions::all) {
      result += fmt::format("    {}) _arguments -s {} ;;\n", command.name, arguments);
      continue;
    }
    std::string common;
    for (const Option* option : grammar.options_of(command)) common += specification(*option);
    result += case_of(command.name, "common", common, arguments);
  }
  return result + "    *) _arguments -s $common ;;\n";
}

constexpr std::string_view kMiddle = R"(
  local context state state_descr line
  local -a own
  typeset -A opt_args
  _arguments -s -C $common '1:command:->command' '*::argument:->argument' && return
  if [[ $state == command ]]; then
    _describe -t scenarios scenario scenarios
    _describe -t commands command commands
    return
  fi
  [[ $state == argument ]] || return
  case $line[1] in
)";

// Read by `source` it registers itself; put into a directory of $fpath it is the function.
constexpr std::string_view kZshTail = R"(  esac
}

if [[ $funcstack[1] == _asyncdemo ]]; then
  _asyncdemo "$@"
else
  compdef _asyncdemo asyncdemo
fi
)";

}  // namespace

std::string zsh_completion(const Grammar& grammar) {
  std::string result =
      "#compdef asyncdemo\n"
      "# zsh completion of asyncdemo, written by `asyncdemo completion zsh`.\n"
      "_asyncdemo() {\n";
  result += arrays(grammar);
  result += kMiddle;
  result += cases(grammar);
  result += kZshTail;
  return result;
}

}  // namespace asyncdemo
