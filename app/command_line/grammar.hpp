#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/scenario.hpp"
#include "values/settings.hpp"

namespace asyncdemo {

/// The words that a command accepts after its name.
struct Words {
  enum class Kind { scenario, command, shell };

  Kind kind = Kind::scenario;
  std::size_t least = 0;
  std::size_t most = 0;
  std::string_view need = {};  ///< the words as an error names them: "a scenario"
};

/// The common options that a command accepts. Every command accepts --help and --version.
enum class CommonOptions { all, format, none };

/// A command that is not a scenario.
struct CommandInfo {
  std::string_view name;
  Words words;
  CommonOptions options;
  std::string_view arguments;  ///< as in the usage line; may be empty
  std::string_view summary;    ///< one line, under 50 characters
  std::string_view details;    ///< one paragraph, not yet wrapped
  std::string_view examples;   ///< one per line
};

/// Returns all commands that are not scenarios, in the order of the help.
[[nodiscard]] std::span<const CommandInfo> commands();

/// A scenario and its own options, which write into it.
struct ScenarioEntry {
  ScenarioEntry(const ScenarioInfo& row, const Settings& settings)
      : info(&row), scenario(row.make(settings)), options(scenario->options()) {}

  const ScenarioInfo* info;
  std::unique_ptr<Scenario> scenario;
  std::vector<Option> options;
};

/// The grammar of the command line as data, for the parser, the help, the manual page and the
/// completion.
///
/// Lifetime: the Settings must outlive it, because the common options write into them.
struct Grammar {
  explicit Grammar(Settings& settings);

  std::vector<OptionGroup> common;
  std::vector<ScenarioEntry> scenarios;

  [[nodiscard]] const ScenarioEntry* find_scenario(std::string_view name) const;
  /// Returns the common options in one list.
  [[nodiscard]] std::vector<const Option*> common_options() const;
  /// Returns the common options that `command` accepts.
  [[nodiscard]] std::vector<const Option*> options_of(const CommandInfo& command) const;
  /// Returns the common options and those of every scenario. Several scenarios may have options of
  /// the same name.
  [[nodiscard]] std::vector<const Option*> all_options() const;
  /// Returns the scenarios with an option of their own called `name`, such as "--tasks" or "-t".
  [[nodiscard]] std::vector<std::string_view> owners_of(std::string_view name) const;

  /// Returns all words of a kind. The commands include the scenarios.
  [[nodiscard]] std::vector<std::string> names(Words::Kind kind) const;
};

[[nodiscard]] const CommandInfo* find_command(std::string_view name);

/// Returns true if `command` accepts a common option. It refuses those without effect.
[[nodiscard]] bool takes(const CommandInfo& command, const Option& option);

/// Returns the words that `command` accepts. A scenario accepts none.
[[nodiscard]] Words words_after(std::string_view command);

}  // namespace asyncdemo
