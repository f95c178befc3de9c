#pragma once

#include <string>
#include <vector>

#include "command_line/grammar.hpp"

namespace asyncdemo {

using Arguments = std::vector<std::string>;

/// A command line taken apart; nothing of it is read or refused yet.
struct CommandLine {
  struct Occurrence {
    const Option* option;
    std::string value;  ///< empty for a flag
  };

  std::string command;                  ///< a scenario's name, "list", ...; empty: none
  std::vector<Occurrence> occurrences;  ///< the common options as they were typed, then its own
  Arguments leftovers;                  ///< the rest, in order: words, and unknown options
  bool lacks_value = false;             ///< the last argument does

  /// Whether the option of that long name stands in it.
  [[nodiscard]] bool has(std::string_view long_name) const;
  /// The leftovers that are no options.
  [[nodiscard]] Arguments words() const;
};

/// Whether `argument` is meant as an option; "-" is a word.
[[nodiscard]] inline bool is_dashed(std::string_view argument) {
  return argument.size() > 1 && argument.starts_with('-');
}

/// CLI11 only does this: its options collect texts. Every text is read and every refusal worded
/// elsewhere, so nothing that the user sees depends on CLI11's version.
[[nodiscard]] CommandLine tokenize(const Arguments& arguments, const Grammar& grammar);

}  // namespace asyncdemo
