#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line/grammar.hpp"

namespace asyncdemo {

using Arguments = std::vector<std::string>;

/// A command line after CLI11 has read it. The values of its options are set; mistakes are noted,
/// to be reported by usage_checks.hpp.
struct CommandLine {
  Arguments arguments;                 ///< as typed
  std::string command;                 ///< a scenario's name, "list", ...; empty: none
  std::vector<const Option*> options;  ///< in the order of the line; repeated ones each time
  Arguments leftovers;                 ///< words and unknown options, in the order of the line
  std::string bad_value;               ///< "--cycles: 'x' is not ...", the first; empty: none
  bool lacks_value = false;            ///< the last argument does

  /// Returns whether an option of that long name was given.
  [[nodiscard]] bool has(std::string_view long_name) const;
  /// Returns the leftovers that are no options.
  [[nodiscard]] Arguments words() const;
  /// Throws the UsageError "`reason`; try 'asyncdemo gather --help'".
  [[noreturn]] void fail(std::string_view reason) const;
};

/// Returns whether `argument` is meant as an option; "-" is a word.
[[nodiscard]] inline bool is_dashed(std::string_view argument) {
  return argument.size() > 1 && argument.starts_with('-');
}

/// Reads `arguments`: each option sets its value when its turn in the line comes, so the last of
/// contradicting ones wins.
[[nodiscard]] CommandLine read_command_line(Arguments arguments, const Grammar& grammar);

}  // namespace asyncdemo
