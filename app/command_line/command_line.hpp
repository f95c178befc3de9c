#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line/grammar.hpp"

namespace asyncdemo {

using Arguments = std::vector<std::string>;

/// A command line as CLI11 has read it. The options have set their values; mistakes are recorded
/// for the usage checks.
struct CommandLine {
  Arguments arguments;                 ///< as typed
  std::string command;                 ///< a scenario's name, "list", ...; empty: none
  std::vector<const Option*> options;  ///< in the order of the line, with repetitions
  Arguments leftovers;                 ///< words and unknown options, in the order of the line
  std::string bad_value;               ///< the first: "--cycles: 'x' is not ..."; empty: none
  bool lacks_value = false;            ///< the last argument is an option without its value

  /// Returns true if the option called `long_name` was given.
  [[nodiscard]] bool has(std::string_view long_name) const;
  /// Returns the leftovers that are not options.
  [[nodiscard]] Arguments words() const;
  /// Throws the UsageError "`reason`; try 'asyncdemo gather --help'".
  [[noreturn]] void fail(std::string_view reason) const;
};

/// Returns true if `argument` looks like an option. A single "-" is a word.
[[nodiscard]] inline bool is_dashed(std::string_view argument) {
  return argument.size() > 1 && argument.starts_with('-');
}

/// Reads `arguments`. Options set their values in the order of the line, so the last of two that
/// contradict each other wins.
[[nodiscard]] CommandLine read_command_line(Arguments arguments, const Grammar& grammar);

}  // namespace asyncdemo
