#include "command_line/grammar.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "scenarios/table.hpp"

namespace asyncdemo {
namespace {

constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

constexpr std::array kCommands{
    CommandInfo{
        "list",
        Words{},
        CommonOptions::format,
        "",
        "list the scenarios: name, lesson, formula",
        "Prints a line for each scenario. With --json, prints one document that includes their "
        "options.",
        "asyncdemo list\n"
        "asyncdemo list --json\n",
    },
    CommandInfo{
        "compare",
        Words{Words::Kind::scenario, 2, kAnyNumber, "two scenarios or more"},
        CommonOptions::all,
        "SCENARIO SCENARIO...",
        "draw several scenarios on one axis",
        "Runs the scenarios one after the other and draws their charts on one axis. Does not wait, "
        "because it uses the virtual clock unless --clock real is given. A scenario may be named "
        "twice. Only the common options are accepted.",
        "asyncdemo compare double gather\n"
        "asyncdemo compare single double parallel --cycles 3\n",
    },
    CommandInfo{
        "all",
        Words{},
        CommonOptions::all,
        "",
        "check the elapsed time of every scenario",
        "Runs every scenario and compares its elapsed time with its formula, as --check does: a "
        "test of this machine. On the real clock the default interval is 20ms.",
        "asyncdemo all --clock virtual\n"
        "asyncdemo all --tolerance 50ms\n",
    },
    CommandInfo{
        "explain",
        Words{Words::Kind::scenario, 1, 1, "a scenario"},
        CommonOptions::none,
        "SCENARIO",
        "print a scenario's lesson, its C++ and its Python",
        "Explains what a scenario shows, why it takes as long as it does and what to try next. "
        "Then prints its C++ source as compiled and the Python program that prints the same.",
        "asyncdemo explain gather\n"
        "asyncdemo explain wait-for | less\n",
    },
    CommandInfo{
        "completion",
        Words{Words::Kind::shell, 1, 1, "a shell: bash, zsh, fish"},
        CommonOptions::none,
        "bash|zsh|fish",
        "print a script for completion in the shell",
        "Prints a script that makes the shell complete commands, scenarios, options and their "
        "values.",
        "source <(asyncdemo completion bash)\n"
        "asyncdemo completion zsh > ~/.zfunc/_asyncdemo\n"
        "asyncdemo completion fish > ~/.config/fish/completions/asyncdemo.fish\n",
    },
    CommandInfo{
        "man",
        Words{},
        CommonOptions::none,
        "",
        "print the manual page in troff",
        "Prints the manual page in the format that man(1) reads.",
        "asyncdemo man | man -l -\n"
        "asyncdemo man > ~/.local/share/man/man1/asyncdemo.1\n",
    },
    CommandInfo{
        "help",
        Words{Words::Kind::command, 0, 1},
        CommonOptions::none,
        "[COMMAND]",
        "print this help, or that of a command",
        "Prints what COMMAND --help prints.",
        "asyncdemo help\n"
        "asyncdemo help gather\n",
    },
};

}  // namespace

std::span<const CommandInfo> commands() {
  return kCommands;
}

const CommandInfo* find_command(std::string_view name) {
  const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                  [&](const CommandInfo& c) { return c.name == name; });
  return found == kCommands.end() ? nullptr : found;
}

bool takes(const CommandInfo& command, const Option& option) {
  const std::string& name = option.text.long_name;
  if (command.options == CommonOptions::all || name == "help" || name == "version") return true;
  return command.options == CommonOptions::format && (name == "format" || name == "json");
}

Words words_after(std::string_view command) {
  const CommandInfo* info = find_command(command);
  return info == nullptr ? Words{} : info->words;
}

Grammar::Grammar(Settings& settings) : common(asyncdemo::common_options(settings)) {
  for (const ScenarioInfo* info : asyncdemo::scenarios()) scenarios.emplace_back(*info, settings);
}

const ScenarioEntry* Grammar::find_scenario(std::string_view name) const {
  const auto found = std::find_if(scenarios.begin(), scenarios.end(),
                                  [&](const ScenarioEntry& s) { return s.info->name == name; });
  return found == scenarios.end() ? nullptr : &*found;
}

std::vector<const Option*> Grammar::common_options() const {
  std::vector<const Option*> options;
  for (const OptionGroup& group : common) {
    for (const Option& option : group.options) options.push_back(&option);
  }
  return options;
}

std::vector<const Option*> Grammar::options_of(const CommandInfo& command) const {
  auto options = common_options();
  std::erase_if(options, [&](const Option* option) { return !takes(command, *option); });
  return options;
}

std::vector<const Option*> Grammar::all_options() const {
  auto options = common_options();
  for (const ScenarioEntry& entry : scenarios) {
    for (const Option& option : entry.options) options.push_back(&option);
  }
  return options;
}

std::vector<std::string_view> Grammar::owners_of(std::string_view name) const {
  std::vector<std::string_view> owners;
  for (const ScenarioEntry& entry : scenarios) {
    if (std::any_of(entry.options.begin(), entry.options.end(),
                    [&](const Option& option) { return is_called(option, name); })) {
      owners.push_back(entry.info->name);
    }
  }
  return owners;
}

std::vector<std::string> Grammar::names(Words::Kind kind) const {
  if (kind == Words::Kind::shell) return {"bash", "zsh", "fish"};
  std::vector<std::string> names;
  names.reserve(scenarios.size() + kCommands.size());
  for (const ScenarioEntry& entry : scenarios) names.emplace_back(entry.info->name);
  if (kind == Words::Kind::scenario) return names;
  for (const CommandInfo& command : commands()) names.emplace_back(command.name);
  return names;
}

}  // namespace asyncdemo
