// Generated command lines, many malformed or extreme: each parses or is refused in one line.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "parse.hpp"
#include "process.hpp"

namespace asyncdemo_test {
namespace {

using Arguments = std::vector<std::string>;

constexpr int kLines = 2'000;
constexpr int kThroughTheProcess = 50;

/// Generates lines of real and misspelt words, good and bad values, and random bytes.
class Generator {
 public:
  Arguments next() {
    Arguments arguments(pick(0, 8));
    for (std::string& argument : arguments) argument = make_argument();
    if (pick(0, 2) > 0) arguments.insert(arguments.begin(), one_of(kCommands));
    return arguments;
  }

 private:
  static const Arguments kCommands;
  static const Arguments kOptions;
  static const Arguments kValues;

  std::size_t pick(std::size_t low, std::size_t high) {
    // uniform_int_distribution would give different lines with other standard libraries.
    return low + random_() % (high - low + 1);
  }
  const std::string& one_of(const Arguments& list) { return list[pick(0, list.size() - 1)]; }

  std::string make_argument() {
    switch (pick(0, 9)) {
      case 0:
        return one_of(kCommands);
      case 1:
      case 2:
      case 3:
        return one_of(kOptions);
      case 4:
      case 5:
        return one_of(kValues);
      case 6:
        return one_of(kOptions) + "=" + one_of(kValues);
      case 7:
        return damaged(one_of(kOptions));
      case 8:
        return damaged(one_of(kCommands));
      default:
        return random_bytes(pick(0, 20));
    }
  }

  std::string damaged(std::string text) {
    const std::size_t at = pick(0, text.size());
    text.insert(at, random_bytes(pick(0, 2)));
    if (!text.empty()) text.erase(pick(0, text.size() - 1), pick(0, 2));
    return text;
  }

  /// Returns bytes other than 0, which ends an argument.
  std::string random_bytes(std::size_t count) {
    std::string text(count, ' ');
    for (char& c : text) c = static_cast<char>(pick(1, 255));
    return text;
  }

  std::mt19937 random_{20'250'101};
};

const Arguments Generator::kCommands{
    "single", "double",  "parallel", "gather",  "cancel",     "wait", "wait-for", "thread",
    "all",    "compare", "list",     "explain", "completion", "man",  "help",     "threadsafe"};
const Arguments Generator::kOptions{"-n",
                                    "--cycles",
                                    "-i",
                                    "--interval",
                                    "--clock",
                                    "--debug",
                                    "--check",
                                    "--expect",
                                    "--stats",
                                    "--tolerance",
                                    "--max-late",
                                    "--format",
                                    "--json",
                                    "-q",
                                    "-qq",
                                    "-v",
                                    "--timeline",
                                    "--no-timeline",
                                    "--live",
                                    "--ascii",
                                    "--width",
                                    "--color",
                                    "--svg",
                                    "--trace",
                                    "-h",
                                    "-V",
                                    "--tasks",
                                    "-t",
                                    "--raise-at",
                                    "--return-exceptions",
                                    "--timeout",
                                    "--delay",
                                    "--shield",
                                    "--block-cycles",
                                    "--short-cycles",
                                    "--return-when",
                                    "--",
                                    "++",
                                    "---",
                                    "-",
                                    "-qvn",
                                    "-hV"};
const Arguments Generator::kValues{
    "",    "0",       "1",    "5",        "010",     "0x10",  "1000001", "99999999999999999999",
    "-1",  "1s",      "20ms", "1.5",      "2h",      "0.1ns", "1e9",     "99999999999999999h",
    "5%",  "1000.5%", "%",    "virtual",  "real",    "json",  "jsonl",   "first-completed",
    "all", "bash",    "zsh",  "[1,2]",    "{}",      "%s%n",  "a\nb",    "\x1b[2J",
    "'",   "=",       "-",    "\xff\xfe", "\xc3\xa4"};

/// Returns the error for these arguments; empty if there is none.
std::string refusal_of(const Arguments& arguments) {
  try {
    (void)parse(arguments);
  } catch (const asyncdemo::UsageError& error) {
    EXPECT_STRNE(error.what(), "");
    return error.what();
  }
  return "";
}

bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

TEST(GeneratedLine, ParsesOrIsRefusedInOneLine) {
  Generator generator;
  int refused = 0;
  for (int i = 0; i < kLines; ++i) {
    const Arguments arguments = generator.next();
    SCOPED_TRACE(testing::PrintToString(arguments));
    const std::string refusal = refusal_of(arguments);
    EXPECT_FALSE(has_control_characters(refusal)) << refusal;
    if (!refusal.empty()) ++refused;
  }
  EXPECT_GT(refused, kLines / 2);
  EXPECT_LT(refused, kLines - 50);
}

TEST(GeneratedLine, EndsTheProcessWith2AndOneLineIfRefused) {
  Generator generator;
  for (int tried = 0; tried < kThroughTheProcess;) {
    const Arguments arguments = generator.next();
    const std::string refusal = refusal_of(arguments);
    if (refusal.empty()) continue;
    ++tried;

    const Result result = run_tool(arguments);

    SCOPED_TRACE(testing::PrintToString(arguments));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out_text(), "");
    EXPECT_EQ(result.err_text(), "asyncdemo: error: " + refusal + "\n");
  }
}

TEST(GeneratedLine, MayHaveManyOrLongArguments) {
  const std::string long_word(100'000, 'x');
  EXPECT_NE(refusal_of({long_word}), "");
  EXPECT_NE(refusal_of({"gather", "--" + long_word}), "");
  EXPECT_NE(refusal_of({"gather", "-n", std::string(100'000, '9')}), "");
  const std::string many_flags(10'000, 'q');
  EXPECT_NE(refusal_of({"gather", "-" + many_flags + "x"}), "");
  EXPECT_EQ(refusal_of({"gather", "-" + many_flags}), "");
  Arguments many(10'000, "single");
  many.insert(many.begin(), "compare");
  EXPECT_EQ(refusal_of(many), "");
}

}  // namespace
}  // namespace asyncdemo_test
