#pragma once

#include <string>
#include <string_view>

#include "command_line/grammar.hpp"
#include "command_line/tokenize.hpp"

namespace asyncdemo {

/// What is refused of a command line, and in which words.
class UsageChecks {
 public:
  /// All three must outlive this.
  UsageChecks(const Arguments& arguments, const Grammar& grammar, const CommandLine& line)
      : arguments_(arguments), grammar_(grammar), line_(line) {}

  // Each of these throws a UsageError for what it finds wrong.

  /// What CLI11 takes without a word, or takes for something else.
  void check_syntax() const;
  /// Unknown options; words in the wrong place, or that name nothing. The first of them.
  void check_leftovers() const;
  /// A command that lacks the word it works on.
  void check_missing_words() const;
  /// Options that mean nothing to the command. The first of them.
  void check_idle_options() const;
  /// Options that cannot stand together.
  void check_contradictions(const Settings& settings) const;

  /// "`reason`; try 'asyncdemo gather --help'".
  [[noreturn]] void fail(std::string_view reason) const;

 private:
  void check_word(const std::string& word, std::size_t index) const;
  [[noreturn]] void unknown_option(const std::string& typed) const;
  [[noreturn]] void unknown_scenario(const std::string& word,
                                     const std::vector<std::string>& candidates) const;
  [[nodiscard]] std::string option_name(const std::string& typed) const;
  [[nodiscard]] std::vector<std::string> claims_on_stdout(const Settings& settings) const;

  const Arguments& arguments_;
  const Grammar& grammar_;
  const CommandLine& line_;
};

}  // namespace asyncdemo
