#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/scenario.hpp"
#include "values/settings.hpp"

namespace asyncdemo {

/// The words that follow a command's name, beside options.
struct Words {
  enum class Kind { scenario, command, shell };

  Kind kind = Kind::scenario;
  std::size_t least = 0;
  std::size_t most = 0;
  std::string_view need = {};  ///< "a scenario": what a command lacks that has fewer than `least`
};

/// Which of the common options a command takes; --help and --version go with each.
enum class CommonOptions { all, format, none };

/// A command that is no scenario.
struct CommandInfo {
  std::string_view name;
  Words words;
  CommonOptions options;
  std::string_view arguments;  ///< as the usage line shows them; empty: none
  std::string_view summary;    ///< in one line, under 50 characters
  std::string_view details;    ///< a paragraph, to be wrapped
  std::string_view examples;   ///< one a line
};

/// These commands, in the order of the help.
[[nodiscard]] std::span<const CommandInfo> commands();

/// A scenario with its own options, which write into it.
struct ScenarioEntry {
  ScenarioEntry(const ScenarioInfo& row, const Settings& settings)
      : info(&row), scenario(row.make(settings)), options(scenario->options()) {}

  const ScenarioInfo* info;
  std::unique_ptr<Scenario> scenario;
  std::vector<Option> options;
};

/// All that the command line understands, as data: what the parser takes, and what help, man
/// page and completion tell.
///
/// Lifetime: within that of the Settings, into which the common options write.
struct Grammar {
  explicit Grammar(Settings& settings);

  std::vector<OptionGroup> common;
  std::vector<ScenarioEntry> scenarios;

  [[nodiscard]] const ScenarioEntry* find_scenario(std::string_view name) const;
  /// The common options in one list.
  [[nodiscard]] std::vector<const Option*> common_options() const;
  /// Those of them that `command` takes.
  [[nodiscard]] std::vector<const Option*> options_of(const CommandInfo& command) const;
  /// All options; those of several scenarios that have one name, each.
  [[nodiscard]] std::vector<const Option*> all_options() const;
  /// The scenarios that have an option of their own of that name, dashes included.
  [[nodiscard]] std::vector<std::string_view> owners_of(std::string_view name) const;

  /// Returns all words of a kind: the scenarios; those and commands(); the shells that
  /// `completion` knows.
  [[nodiscard]] std::vector<std::string> names(Words::Kind kind) const;
};

[[nodiscard]] const CommandInfo* find_command(std::string_view name);

/// Whether `command` takes that common option: one that would mean nothing is refused.
[[nodiscard]] bool takes(const CommandInfo& command, const Option& option);

/// Returns the words that may follow `command`: none after a scenario's name.
[[nodiscard]] Words words_after(std::string_view command);

}  // namespace asyncdemo
