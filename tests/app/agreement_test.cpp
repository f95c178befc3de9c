// Help, manual page, completion and README name exactly the options that exist.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "command_line/grammar.hpp"
#include "parse.hpp"
#include "process.hpp"

namespace asyncdemo_test {
namespace {

using Names = std::set<std::string>;

/// Returns all matches in `text` of the one group of `pattern`.
Names found(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Names names;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
    names.insert((*at)[1]);
  }
  return names;
}

/// Returns all long options in `text`, such as "--cycles".
Names long_options(const std::string& text) {
  return found(text, "(--[a-z][a-z-]*)");
}

class Agreement : public testing::Test {
 protected:
  static Names names_of(const std::vector<const asyncdemo::Option*>& options) {
    Names names;
    for (const auto* option : options) names.insert("--" + option->text.long_name);
    return names;
  }
  Names common() const { return names_of(grammar_.common_options()); }
  Names all() const { return names_of(grammar_.all_options()); }
  Names commands() const {
    const auto names = grammar_.names(asyncdemo::Words::Kind::command);
    return {names.begin(), names.end()};
  }
  Names options_of(const std::string& command) const {
    const auto* const info = asyncdemo::find_command(command);
    Names names = info != nullptr ? names_of(grammar_.options_of(*info)) : common();
    if (const auto* entry = grammar_.find_scenario(command)) {
      for (const auto& option : entry->options) names.insert("--" + option.text.long_name);
    }
    return names;
  }
  static std::string text_of(const std::string& line) { return parse(words(line)).text; }

  asyncdemo::Settings settings_;
  const asyncdemo::Grammar grammar_{settings_};
};

TEST_F(Agreement, HoldsBetweenGrammarAndGeneralHelp) {
  const std::string help = text_of("--help");

  EXPECT_EQ(found(help, "\n  (?:-[a-zA-Z], |    )(--[a-z-]+)"), common());
  EXPECT_EQ(long_options(help), common());
  EXPECT_EQ(found(help, "\n  ([a-z-]+)  +[a-z]"), commands());
}

TEST_F(Agreement, HoldsBetweenGrammarAndEachCommandsHelp) {
  for (const std::string& command : commands()) {
    const std::string help = text_of(command + " --help");

    EXPECT_EQ(found(help, "\n  (?:-[a-zA-Z], |    )(--[a-z-]+)"), options_of(command)) << command;
  }
}

TEST_F(Agreement, HoldsForShortNamesInHelpAndManualPage) {
  Names expected;
  for (const auto* option : grammar_.common_options()) {
    if (!option->text.short_name.empty()) expected.insert("-" + option->text.short_name);
  }
  EXPECT_EQ(found(text_of("--help"), "\n  (-[a-zA-Z]), --"), expected);
  expected.insert("-t");
  EXPECT_EQ(found(text_of("man"), R"(\\fB\\(-[a-zA-Z])\\fR)"), expected);
}

TEST_F(Agreement, HoldsBetweenGrammarAndManualPage) {
  std::string page = text_of("man");
  Names tags;
  for (const std::string& tag : found(page, R"(\\fB((?:\\-){2}(?:[a-z]|\\-)+)\\fR)")) {
    tags.insert(std::regex_replace(tag, std::regex(R"(\\)"), ""));
  }
  EXPECT_EQ(tags, all());
  EXPECT_EQ(long_options(std::regex_replace(page, std::regex(R"(\\-)"), "-")), all());
}

TEST_F(Agreement, HoldsBetweenGrammarAndCompletion) {
  const auto offered = [](const std::string& line, const std::string& pattern) {
    return found('\n' + text_of("--complete " + line), "\n(" + pattern + ")\t");
  };

  EXPECT_EQ(offered("x", "[a-z-]+"), commands());
  EXPECT_EQ(offered("--", "--[a-z-]+"), common());
  for (const std::string& command : commands()) {
    EXPECT_EQ(offered(command + " --", "--[a-z-]+"), options_of(command)) << command;
  }
}

TEST_F(Agreement, HoldsBetweenGrammarAndList) {
  Names own;
  for (const auto& entry : grammar_.scenarios) {
    for (const auto& option : entry.options) own.insert(option.text.long_name);
  }
  EXPECT_EQ(found(text_of("list --json"), R"re("name":"([a-z-]+)","short")re"), own);
}

TEST_F(Agreement, HoldsBetweenGrammarAndReadme) {
  std::ifstream file(ASYNCDEMO_README);
  const std::string readme{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Names rows;
  for (const auto& group : grammar_.common) {
    const auto row = readme.find("| " + group.title + " | ");
    ASSERT_NE(row, std::string::npos) << group.title;
    Names expected;
    for (const auto& option : group.options) expected.insert("--" + option.text.long_name);

    EXPECT_EQ(long_options(readme.substr(row, readme.find('\n', row) - row)), expected);
  }
}

}  // namespace
}  // namespace asyncdemo_test
