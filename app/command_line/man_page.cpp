#include "command_line/man_page.hpp"

#include <fmt/format.h>

#include <array>

#include "command_line/help.hpp"

namespace asyncdemo {
namespace {

/// A name and its meaning.
struct Entry {
  std::string_view name;
  std::string_view text;
};

constexpr std::array kEnvironment{
    Entry{"ASYNCIO_BACKEND", "the loop's backend: epoll, kqueue or poll, if it was built"},
    Entry{"ASYNCIO_DEBUG", "1 enables the loop's debug mode, like --debug"},
    Entry{"COLUMNS", "the width of the chart if standard output is not a terminal"},
    Entry{"FORCE_COLOR", "colours even if standard output is not a terminal; 0: no colours"},
    Entry{"LC_ALL, LC_CTYPE, LANG", "a character set that is not UTF-8 means --ascii"},
    Entry{"NO_COLOR", "no colours; overrides FORCE_COLOR, is overridden by --color"},
    Entry{"TERM", "dumb: no colours"},
};

constexpr std::array kFiles{
    Entry{"FILE of --svg", "one self-contained picture: no scripts, fonts or network access"},
    Entry{"FILE of --trace", "a Chrome trace; open it in Perfetto or chrome://tracing"},
};

/// Escapes the characters that are special in troff.
std::string escaped(std::string_view text) {
  std::string result;
  bool starts_line = true;
  for (const char c : text) {
    if (starts_line && (c == '.' || c == '\'')) result += "\\&";
    starts_line = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '\'') {
      result += "\\(aq";
    } else if (c == '`') {
      result += "\\(ga";
    } else if (c == '~') {
      result += "\\(ti";
    } else {
      result += c;
    }
  }
  return result;
}

std::string section(std::string_view title) {
  return fmt::format(".SH {}\n", title);
}
std::string subsection(std::string_view title) {
  return fmt::format(".SS {}\n", escaped(title));
}

/// Returns a tagged paragraph. `tag` is troff, `text` is not.
std::string tagged(std::string_view tag, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", tag, escaped(text));
}

std::string bold(std::string_view text) {
  return fmt::format("\\fB{}\\fR", escaped(text));
}
std::string italic(std::string_view text) {
  return fmt::format("\\fI{}\\fR", escaped(text));
}

template <class Entries>
std::string entries(const Entries& list) {
  std::string result;
  for (const Entry& entry : list) result += tagged(bold(entry.name), entry.text);
  return result;
}

std::string option_paragraph(const Option& option) {
  const OptionText& text = option.text;
  std::string tag;
  if (!text.short_name.empty()) tag += bold("-" + text.short_name) + ", ";
  tag += bold("--" + text.long_name);
  if (!text.is_flag()) tag += ' ' + italic(text.value_name);
  std::string meaning = text.description;
  if (!text.default_value.empty()) meaning += fmt::format(" [{}]", text.default_value);
  return tagged(tag, meaning);
}

std::string synopsis() {
  std::string result = section("SYNOPSIS");
  result += fmt::format("{} [{}] {} [{}]\n", bold("asyncdemo"), italic("OPTIONS"),
                        italic("SCENARIO"), italic("OPTIONS"));
  for (const CommandInfo& command : commands()) {
    result += fmt::format(".br\n{} ", bold(fmt::format("asyncdemo {}", command.name)));
    if (!command.arguments.empty()) result += italic(command.arguments) + ' ';
    result += fmt::format("[{}]\n", italic("OPTIONS"));
  }
  return result;
}

std::string description() {
  std::string result = section("DESCRIPTION");
  result += escaped(
      "Runs a scenario of the asyncio tutorial and prints what its Python program prints, then "
      "`done in` and the elapsed seconds. On a terminal it draws a chart of the coroutines before "
      "that last line. Everything else goes to standard error.\n");
  return result;
}

std::string scenario_section(const Grammar& grammar) {
  std::string result = section("SCENARIOS");
  result += "Each with its ideal elapsed time for N cycles and an interval of I.\n";
  for (const ScenarioEntry& entry : grammar.scenarios) {
    result += tagged(bold(entry.info->name),
                     fmt::format("{}: {}", entry.info->lesson, entry.info->formula));
  }
  return result;
}

std::string command_section() {
  std::string result = section("COMMANDS");
  for (const CommandInfo& command : commands()) {
    std::string tag = bold(command.name);
    if (!command.arguments.empty()) tag += ' ' + italic(command.arguments);
    result += tagged(tag, command.details);
  }
  return result;
}

std::string option_section(const Grammar& grammar) {
  std::string result = section("OPTIONS");
  result += "The common options are accepted before and after the command.\n";
  result += escaped(fmt::format("{}\n", kDurations));
  for (const OptionGroup& group : grammar.common) {
    result += subsection(group.title);
    for (const Option& option : group.options) result += option_paragraph(option);
  }
  for (const ScenarioEntry& entry : grammar.scenarios) {
    if (entry.options.empty()) continue;
    result += subsection(fmt::format("Options of {}", entry.info->name));
    for (const Option& option : entry.options) result += option_paragraph(option);
  }
  return result;
}

std::string examples() {
  std::string result = section("EXAMPLES");
  for (const Example& example : kExamples) result += tagged(bold(example.line), example.what);
  return result;
}

}  // namespace

std::string man_page(const Grammar& grammar) {
  std::string result =
      fmt::format(".TH ASYNCDEMO 1 \"\" \"asyncdemo {}\" \"User Commands\"\n", ASYNCDEMO_VERSION);
  result += section("NAME");
  result += "asyncdemo \\- runs and draws the scenarios of the asyncio tutorial\n";
  result += synopsis();
  result += description();
  result += scenario_section(grammar);
  result += command_section();
  result += option_section(grammar);
  result += section("EXIT STATUS");
  for (const auto& [code, meaning] : kExitCodes) result += tagged(bold(code), meaning);
  result += section("ENVIRONMENT");
  result += entries(kEnvironment);
  result += section("FILES");
  result += entries(kFiles);
  result += examples();
  result += section("SEE ALSO");
  result += ".BR python3 (1)\n";
  return result;
}

}  // namespace asyncdemo
