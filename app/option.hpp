#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "duration.hpp"

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
};

/// The limits of a count, both included.
struct Range {
  int low;
  int high;
};

/// A count is written in digits only, so 010 is ten and 0x10 is nothing.
[[nodiscard]] Option count_option(OptionText text, Range range, int& target);

/// A duration of at most one hour.
[[nodiscard]] Option duration_option(OptionText text, Duration& target);
[[nodiscard]] Option duration_option(OptionText text, std::optional<Duration>& target);

[[nodiscard]] Option flag_option(OptionText text, bool& target);

/// A few words, each with the value it stands for.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

template <class T>
[[nodiscard]] Option choice_option(OptionText text, Choices<T> choices, T& target);

/// `text` in single quotes, on one line whatever it contains.
[[nodiscard]] std::string in_quotes(std::string_view text);

// ---------------------------------------------------------------------------------------

/// Throws std::invalid_argument: "is not one of a, b, c".
[[noreturn]] void refuse_choice(const std::vector<std::string>& names);

template <class T>
Option choice_option(OptionText text, Choices<T> choices, T& target) {
  auto set = [choices = std::move(choices), &target](const std::string& value) {
    std::vector<std::string> names;
    for (const auto& [name, meaning] : choices) {
      if (name == value) {
        target = meaning;
        return;
      }
      names.push_back(name);
    }
    refuse_choice(names);
  };
  return {std::move(text), std::move(set)};
}

}  // namespace asyncdemo
