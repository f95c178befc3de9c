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

/// The error of a command line that cannot be run; what() is the line for the user, without the
/// prefix.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The names of an option and its texts in the help.
struct OptionText {
  std::string short_name;     ///< "n", or empty
  std::string long_name;      ///< "cycles"
  std::string value_name;     ///< "N"; empty for a flag
  std::string description;    ///< under 50 characters
  std::string default_value;  ///< as shown in the help; may be empty

  [[nodiscard]] bool is_flag() const { return value_name.empty(); }
};

/// An option as data, for the parser and the help.
struct Option {
  OptionText text;

  /// Sets the value as typed; empty for a flag. Called for each occurrence of the option.
  ///
  /// Throws: std::invalid_argument; what() says what is wrong with the value.
  std::function<void(const std::string&)> set;

  /// Returns the current value for the JSON document. Empty if the option is not a parameter of the
  /// run.
  std::function<ParameterValue()> value = {};

  // For completion.
  std::vector<std::string> choices = {};  ///< the values, if they are words
  bool takes_file = false;                ///< the value is the name of a file
};

/// Returns true if `name`, with its dashes, is one of the names of `option`.
[[nodiscard]] bool is_called(const Option& option, std::string_view name);

/// The limits of a count, inclusive.
struct Range {
  int low;
  int high;
};

/// Reads a count. Only decimal digits are allowed: 010 is ten, 0x10 is an error.
///
/// Throws: std::invalid_argument.
[[nodiscard]] int parse_count(std::string_view text, Range range);
[[nodiscard]] Option count_option(OptionText text, Range range, int& target);

/// Returns an option whose value is a duration of at most one hour.
[[nodiscard]] Option duration_option(OptionText text, Duration& target);
/// `standard` returns the value to report while the option is not given.
[[nodiscard]] Option duration_option(OptionText text, std::optional<Duration>& target,
                                     std::function<Duration()> standard);

[[nodiscard]] Option flag_option(OptionText text, bool& target);

/// Returns an option whose value is the name of a file, or "-". Refuses a value that looks like an
/// option: the name was probably forgotten.
[[nodiscard]] Option file_option(OptionText text, std::optional<std::string>& target);

/// The words that an option accepts, with their meanings.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

template <class T>
[[nodiscard]] Option choice_option(OptionText text, Choices<T> choices, T& target);

/// Returns `text` in single quotes and on one line. Bytes that are not printable UTF-8 become
/// escapes such as \x1b.
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
