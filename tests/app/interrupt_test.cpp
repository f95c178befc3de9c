// SIGINT and SIGTERM at any moment: a clean cancellation, then the end by that signal.

#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <thread>

#include "golden.hpp"
#include "process.hpp"

namespace asyncdemo_test {
namespace {

using namespace std::chrono_literals;

// The contract says 100 ms; the rest is for a machine that is busy with other tests.
constexpr auto kPrompt = 100ms + 200ms;

/// Returns true for "interrupted after 2.314 s; cancelling 3 tasks" with `tasks` at the end.
bool is_interrupted_line(const std::string& line, const std::string& tasks) {
  return line.starts_with("asyncdemo: interrupted after ") &&
         line.ends_with(" s; cancelling " + tasks);
}

TEST(Interrupt, SaysHowManyTasksItCancelsAndEndsByTheSignal) {
  for (const int signo : {SIGINT, SIGTERM}) {
    Process tool(words("gather -i 50ms -n 1000"));
    tool.read_lines(4);
    const auto sent = Clock::now();
    tool.send(signo);
    const Result result = tool.wait();

    EXPECT_EQ(result.signal, signo);
    EXPECT_LT(result.end - sent, kPrompt);
    ASSERT_EQ(result.err.size(), 1U) << result.err_text();
    EXPECT_TRUE(is_interrupted_line(result.err[0].text, "4 tasks")) << result.err_text();
    EXPECT_FALSE(result.out.back().text.starts_with("done in"));
  }
}

TEST(Interrupt, EndsTheRunEvenIfNothingIsRead) {
  for (const std::string command : {"gather -i 0 -n 1000000", "thread -i 0 --block-cycles 1000000",
                                    "gather -i 0 -n 1000000 --format jsonl"}) {
    Process tool(words(command));
    std::this_thread::sleep_for(300ms);  // its pipe is full by then
    const auto sent = Clock::now();
    tool.send(SIGTERM);
    std::this_thread::sleep_for(kPrompt);  // before anything is read again
    const Result result = tool.wait();

    EXPECT_EQ(result.signal, SIGTERM) << command;
    EXPECT_LT(result.end - sent, 2 * kPrompt) << command;
  }
}

TEST(Interrupt, WritesTheDocumentOfFinishedRunsIfItComesBetweenTwo) {
  for (int i = 0; i < 10; ++i) {
    Process tool(words("all -i 0 -n 1 --json"));
    std::this_thread::sleep_for(std::chrono::milliseconds(i));
    tool.send(SIGTERM);
    const Result result = tool.wait();

    if (result.out.empty()) continue;  // it had not begun
    ASSERT_EQ(result.out.size(), 1U);
    EXPECT_TRUE(result.out_text().starts_with(R"({"schema":1)")) << result.out_text();
    EXPECT_TRUE(result.out_text().ends_with("]}\n")) << result.out_text();
  }
}

TEST(Interrupt, IsSilentIfTwiceQuiet) {
  Process tool(words("thread -i 50ms -n 1000 -qq"));
  tool.read_for(100ms);
  tool.send(SIGTERM);
  const Result result = tool.wait();

  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_EQ(result.out_text(), "");
  EXPECT_EQ(result.err_text(), "");
}

TEST(Interrupt, TellsTheTimeSinceTheStart) {
  Process tool(words("single -i 100ms"));
  tool.read_lines(1);
  tool.send(SIGINT);
  const Result result = tool.wait();

  ASSERT_EQ(result.err.size(), 1U) << result.err_text();
  const std::string mark = "asyncdemo: interrupted after ";
  const double after = std::stod(result.err[0].text.substr(mark.size()));
  EXPECT_GE(after, 0.1);
  EXPECT_LT(after, 0.4);
  EXPECT_TRUE(is_interrupted_line(result.err[0].text, "1 task")) << result.err_text();
}

TEST(Interrupt, WaitsForABlockedThreadUntilItsCurrentSleepEnds) {
  Process tool(words("thread -i 600ms -n 1000 --block-cycles 1000"));
  tool.read_lines(3);  // the sleeps of the second cycle have begun
  const auto cycle_began = Clock::now();
  tool.send(SIGINT);
  const Result result = tool.wait();

  EXPECT_EQ(result.signal, SIGINT);
  ASSERT_EQ(result.err.size(), 2U) << result.err_text();
  EXPECT_TRUE(is_interrupted_line(result.err[0].text, "4 tasks")) << result.err_text();
  EXPECT_EQ(result.err[1].text,
            "asyncdemo: waiting for 1 blocked thread (Ctrl-C again to quit now)");
  EXPECT_LT(result.err[1].time - cycle_began, kPrompt);
  EXPECT_GT(result.end - cycle_began, 200ms);
  EXPECT_LT(result.end - cycle_began, 600ms + kPrompt);
  EXPECT_EQ(result.out.size(), 3U);
}

TEST(Interrupt, EndsTheProcessAtOnceTheSecondTime) {
  Process tool(words("threadsafe -i 20ms -n 1000 --delay 20s"));
  tool.read_lines(2);
  tool.send(SIGINT);
  tool.read_error_with("waiting for 1 blocked thread");
  const auto sent = Clock::now();
  tool.send(SIGTERM);
  const Result result = tool.wait();

  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_LT(result.end - sent, kPrompt);
  EXPECT_EQ(result.err.size(), 2U) << result.err_text();
}

TEST(Interrupt, DoesNotWaitForAThreadThatOnlyWaitsForTheLoop) {
  Process tool(words("threadsafe -i 50ms -n 1000 --short-cycles 1000 --delay 0"));
  tool.read_lines(9);
  const auto sent = Clock::now();
  tool.send(SIGINT);
  const Result result = tool.wait();

  EXPECT_EQ(result.signal, SIGINT);
  EXPECT_LT(result.end - sent, kPrompt);
  ASSERT_EQ(result.err.size(), 1U) << result.err_text();
  EXPECT_TRUE(is_interrupted_line(result.err[0].text, "5 tasks")) << result.err_text();
}

TEST(Interrupt, RefusesWhatAThreadSubmitsAfterwards) {
  Process tool(words("threadsafe -i 50ms -n 1000 --delay 500ms"));
  tool.read_lines(2);
  tool.send(SIGINT);
  const Result result = tool.wait();

  EXPECT_EQ(result.signal, SIGINT);
  EXPECT_EQ(result.err.size(), 2U) << result.err_text();
  EXPECT_EQ(result.out_text().find("another_thread"), std::string::npos);
  EXPECT_GT(result.elapsed, 480ms);
  EXPECT_LT(result.end - result.out.front().time, 500ms + kPrompt);  // the thread began before
}

/// Returns a command line with which the scenario outlasts a test.
std::vector<std::string> endless(const std::string& scenario, const std::string& interval) {
  std::string line = scenario + " -n 1000000 -i " + interval;
  if (scenario == "cancel") line += " --raise-at 1000000";
  if (scenario.starts_with("wait")) line += " --timeout 1h";
  if (scenario.starts_with("thread")) line += " --short-cycles 1000000";
  return words(line);
}

class ScenarioInterrupt : public testing::TestWithParam<Golden> {};

TEST_P(ScenarioInterrupt, IsCleanAtAnyMoment) {
  std::minstd_rand random(std::random_device{}());
  for (int run = 0; run < 8; ++run) {
    const std::chrono::microseconds moment(random() % 100'000);
    const int signo = run % 2 == 0 ? SIGINT : SIGTERM;
    SCOPED_TRACE("signal " + std::to_string(signo) + " after " + std::to_string(moment.count()) +
                 " us");
    Process tool(endless(GetParam().scenario, "25ms"));
    tool.read_for(moment);
    const auto sent = Clock::now();
    tool.send(signo);
    const Result result = tool.wait();

    EXPECT_EQ(result.signal, signo);
    EXPECT_LT(result.end - sent, 25ms + kPrompt);
    EXPECT_EQ(result.out_text().find("done in"), std::string::npos);
    // There is no message if the signal came before the loop ran.
    if (!result.err.empty()) {
      EXPECT_TRUE(result.err[0].text.starts_with("asyncdemo: interrupted after "));
      EXPECT_LE(result.err.size(), 2U) << result.err_text();
    }
  }
}

TEST_P(ScenarioInterrupt, PrintsNoScenarioLineAfterwards) {
  Process tool(endless(GetParam().scenario, "100us"), Stdout::as_stderr);
  tool.read_lines(50);
  tool.send(SIGINT);
  const Result result = tool.wait();

  EXPECT_EQ(result.signal, SIGINT);
  bool interrupted = false;
  for (const Line& line : result.err) {
    interrupted = interrupted || line.text.starts_with("asyncdemo: interrupted");
    EXPECT_FALSE(interrupted && !line.text.starts_with("asyncdemo: ")) << line.text;
  }
  EXPECT_TRUE(interrupted);
}

TEST_P(ScenarioInterrupt, EndsEvenARunThatNeverSleeps) {
  Process tool(endless(GetParam().scenario, "0"));
  tool.read_lines(1000);
  const auto sent = Clock::now();
  tool.send(SIGINT);
  const Result result = tool.wait();

  EXPECT_EQ(result.signal, SIGINT);
  EXPECT_LT(result.end - sent, kPrompt);
}

INSTANTIATE_TEST_SUITE_P(, ScenarioInterrupt, testing::ValuesIn(golden_outputs()), test_name);

}  // namespace
}  // namespace asyncdemo_test
