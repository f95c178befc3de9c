// Output to standard output, and the errors if it cannot be written.

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>

#include "golden.hpp"
#include "process.hpp"

namespace asyncdemo_test {
namespace {

using namespace std::chrono_literals;

TEST(Output, IsOnlyDoneInWhenQuietAndNothingWhenTwiceQuiet) {
  const std::string done = "done in 2.000\n";

  EXPECT_EQ(run_tool(words("cancel --clock virtual -q")).out_text(), done);
  EXPECT_EQ(run_tool(words("--quiet cancel --clock virtual")).out_text(), done);
  for (const std::string twice : {"-qq", "-q -q", "-q --quiet", "-qqq"}) {
    const Result result = run_tool(words("cancel --clock virtual " + twice));
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.out_text() + result.err_text(), "") << twice;
  }
}

TEST(Output, ComesLineByLineAsItHappensIntoAPipe) {
  const Result result = run_tool(words("double -n 2 -i 100ms"));

  ASSERT_EQ(result.out.size(), 5U);
  EXPECT_GT(result.end - result.out.front().time, 150ms);
}

TEST(Output, NeverMixesLinesOfThreads) {
  const Result result =
      run_tool(words("thread -i 0 -n 5000 --short-cycles 5000 --block-cycles 5000"));

  EXPECT_EQ(result.exit_code, 0);
  ASSERT_EQ(result.out.size(), 15001U);
  std::size_t well_formed = 0;
  for (const Line& line : result.out) {
    if (line.text.starts_with("what: task") && line.text.rfind("what: ") == 0) ++well_formed;
  }
  EXPECT_EQ(well_formed, 15000U);
}

TEST(Output, RefusesToWriteTwoKindsIntoOneFile) {
  const std::string file = testing::TempDir() + "asyncdemo-one-file";
  const Result result = run_tool({"gather", "--clock", "virtual", "--svg", file, "--trace", file});

  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err_text(),
            "asyncdemo: error: --svg and --trace write to the same file; try 'asyncdemo --help'\n");
  (void)std::remove(file.c_str());
}

class ScenarioOutput : public testing::TestWithParam<Golden> {};

TEST_P(ScenarioOutput, EndsWithOneMessageIfStdoutIsFull) {
  const Result result = run_tool({GetParam().scenario, "-i", "5ms"}, Stdout::full_device);

  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err_text(),
            "asyncdemo: error: cannot write to standard output: No space left on device\n");
}

TEST_P(ScenarioOutput, EndsWithOneMessageIfStdoutIsClosed) {
  const Result result = run_tool({GetParam().scenario, "-i", "5ms"}, Stdout::closed);

  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err_text(),
            "asyncdemo: error: cannot write to standard output: Bad file descriptor\n");
}

TEST_P(ScenarioOutput, DiesQuietlyWhenTheReaderHasGone) {
  const Result result = run_tool({GetParam().scenario, "-i", "30ms"}, Stdout::head_1);

  EXPECT_EQ(result.signal, SIGPIPE);
  EXPECT_EQ(result.err_text(), "");
}

INSTANTIATE_TEST_SUITE_P(, ScenarioOutput, testing::ValuesIn(golden_outputs()), test_name);

TEST(Output, ReportsAFullStdoutForEveryKindOfText) {
  for (const std::string command :
       {"--help", "gather --help", "--version", "list", "single -i 0 -q", "cancel --raise-at 0",
        "cancel --return-exceptions -i 1ms", "wait-for --shield -i 1ms"}) {
    const Result result = run_tool(words(command), Stdout::full_device);

    SCOPED_TRACE(command);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err_text(),
              "asyncdemo: error: cannot write to standard output: No space left on device\n");
  }
}

TEST(Output, NeedsNoStdoutIfTwiceQuiet) {
  const Result result = run_tool(words("thread -qq -i 1ms"), Stdout::closed);

  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err_text(), "");
}

}  // namespace
}  // namespace asyncdemo_test
