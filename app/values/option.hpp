#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "values/duration.hpp"
#include "values/parameter.hpp"

namespace asyncdemo {

/// A command line that cannot be run; what() is the line for the user, without its prefix.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How an option is called, and what the help says about it.
struct OptionText {
  std::string short_name;     ///< "n", or empty
  std::string long_name;      ///< "cycles"
  std::string value_name;     ///< "N"; empty for a flag
  std::string description;    ///< under 50 characters
  std::string default_value;  ///< as the help shows it; may be empty

  [[nodiscard]] bool is_flag() const { return value_name.empty(); }
};

/// One option as a row of data, which the parser and the help both read.
struct Option {
  OptionText text;

  /// Takes one value as it was typed (a flag an empty one); called once per occurrence.
  ///
  /// Throws: std::invalid_argument, what() saying what is wrong with the value.
  std::function<void(const std::string&)> set;

  /// What the JSON document shows: the value that is in force. Empty: it is no parameter of
  /// the run.
  std::function<ParameterValue()> value = {};

  // For completion: the words that it takes, or whether it takes the name of a file.
  std::vector<std::string> choices = {};
  bool takes_file = false;
};

/// Whether `name`, with its dashes, is one of the names of `option`.
[[nodiscard]] bool is_called(const Option& option, std::string_view name);

/// The limits of a count, both included.
struct Range {
  int low;
  int high;
};

/// A count is written in digits only, so 010 is ten and 0x10 is nothing.
///
/// Throws: std::invalid_argument.
[[nodiscard]] int parse_count(std::string_view text, Range range);
[[nodiscard]] Option count_option(OptionText text, Range range, int& target);

/// A duration of at most one hour.
[[nodiscard]] Option duration_option(OptionText text, Duration& target);
/// The same where `standard` is in force while none is given.
[[nodiscard]] Option duration_option(OptionText text, std::optional<Duration>& target,
                                     std::function<Duration()> standard);

[[nodiscard]] Option flag_option(OptionText text, bool& target);

/// The name of a file, or "-". What looks like an option is refused: its value was forgotten.
[[nodiscard]] Option file_option(OptionText text, std::optional<std::string>& target);

/// A few words, each with the value it stands for.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

template <class T>
[[nodiscard]] Option choice_option(OptionText text, Choices<T> choices, T& target);

/// `text` in single quotes, on one line whatever it contains; bytes that are no printable UTF-8 as
/// \x1b.
[[nodiscard]] std::string in_quotes(std::string_view text);

// ---------------------------------------------------------------------------------------

/// Throws std::invalid_argument: "is not one of a, b, c".
[[noreturn]] void refuse_choice(const std::vector<std::string>& names);

template <class T>
Option choice_option(OptionText text, Choices<T> choices, T& target) {
  auto value = [choices, &target]() -> ParameterValue {
    for (const auto& [name, meaning] : choices) {
      if (meaning == target) return name;
    }
    return std::string();
  };
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  auto set = [choices = std::move(choices), names, &target](const std::string& typed) {
    for (const auto& [name, meaning] : choices) {
      if (name == typed) {
        target = meaning;
        return;
      }
    }
    refuse_choice(names);
  };
  return {std::move(text), std::move(set), std::move(value), std::move(names)};
}

}  // namespace asyncdemo
