// The output and the duration of each scenario.

#include <gtest/gtest.h>

#include <map>

#include "golden.hpp"
#include "process.hpp"

namespace asyncdemo_test {
namespace {

std::vector<std::string> without_done(const Result& result) {
  auto lines = result.out_lines();
  if (!lines.empty()) lines.pop_back();
  return lines;
}

/// Returns the number in the last line, "done in 5.004".
std::string done_in(const Result& result) {
  const std::string mark = "done in ";
  if (result.out.empty() || !result.out.back().text.starts_with(mark)) return "<missing>";
  return result.out.back().text.substr(mark.size());
}

std::string three_decimals(double seconds) {
  const auto ms = static_cast<long>(seconds * 1000 + 0.5);
  const std::string decimals = std::to_string(1000 + ms % 1000).substr(1);
  return std::to_string(ms / 1000) + "." + decimals;
}

/// Returns the lines of each coroutine and thread, in their order.
std::map<std::string, std::vector<std::string>> by_source(const std::vector<std::string>& lines) {
  std::map<std::string, std::vector<std::string>> sources;
  for (const std::string& line : lines) sources[line.substr(0, line.rfind(' '))].push_back(line);
  return sources;
}

class Scenario : public testing::TestWithParam<Golden> {};

TEST_P(Scenario, PrintsWhatThePythonProgramPrintsOnTheVirtualClock) {
  const Golden& golden = GetParam();

  const Result result = run_tool({golden.scenario, "--clock", "virtual", "--check"});

  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err_text(), "");
  EXPECT_EQ(done_in(result), three_decimals(golden.elapsed_s));
  if (golden.threads) {
    EXPECT_EQ(sorted_within_seconds(without_done(result)), sorted_within_seconds(golden.lines));
  } else {
    EXPECT_EQ(without_done(result), golden.lines);
  }
}

TEST_P(Scenario, KeepsItsShapeInRealTime) {
  const Golden& golden = GetParam();
  // A thread may begin late, so its lines are compared separately.
  const auto shape = [&](const std::vector<std::string>& lines) {
    return golden.threads ? by_source(lines) : std::map{std::pair{std::string(), lines}};
  };

  // On a busy machine short intervals end in any order.
  std::vector<std::string> lines;
  for (const int interval_ms : {20, 80, 320}) {
    const std::string interval = std::to_string(interval_ms) + "ms";
    const Result result = run_tool({golden.scenario, "--interval", interval, "--check"});

    EXPECT_EQ(result.exit_code, 0) << result.err_text();
    EXPECT_EQ(result.err_text(), "");
    EXPECT_GE(std::stod(done_in(result)), golden.elapsed_s * interval_ms / 1000);
    lines = without_done(result);
    if (shape(lines) == shape(golden.lines)) break;
  }
  EXPECT_EQ(shape(lines), shape(golden.lines));
}

TEST_P(Scenario, PrintsTheSameLinesInTheSameOrderOnEveryVirtualRun) {
  const std::vector<std::string> arguments{GetParam().scenario, "--clock", "virtual"};
  const std::string first = run_tool(arguments).out_text();

  for (int run = 0; run < 20; ++run) {
    EXPECT_EQ(run_tool(arguments).out_text(), first);
  }
}

TEST_P(Scenario, IsTheSameForAnyOrderOfTheOptions) {
  const std::string& name = GetParam().scenario;
  const std::string expected = run_tool({name, "--clock", "virtual", "-n", "3"}).out_text();

  EXPECT_EQ(run_tool({"--clock", "virtual", "-n", "3", name}).out_text(), expected);
  EXPECT_EQ(run_tool({"-n=3", name, "--clock=virtual"}).out_text(), expected);
  EXPECT_EQ(run_tool({"-n7", name, "--clock=virtual", "--cycles", "003"}).out_text(), expected);
}

INSTANTIATE_TEST_SUITE_P(, Scenario, testing::ValuesIn(golden_outputs()), test_name);

// -- other options, on the virtual clock ------------------------------------------------

struct Run {
  std::string command;
  std::string elapsed;
  std::size_t lines;  // of the scenario
};

void expect_runs(const std::vector<Run>& table) {
  for (const Run& row : table) {
    auto arguments = words(row.command);
    for (const std::string extra : {"--clock", "virtual", "--check"}) arguments.push_back(extra);

    const Result result = run_tool(arguments);

    SCOPED_TRACE(row.command);
    EXPECT_EQ(result.exit_code, 0) << result.err_text();
    EXPECT_EQ(done_in(result), row.elapsed);
    EXPECT_EQ(without_done(result).size(), row.lines) << result.out_text();
  }
}

void expect_lines(const std::string& command, const std::vector<std::string>& lines) {
  SCOPED_TRACE(command);
  EXPECT_EQ(run_tool(words(command + " --clock virtual")).out_lines(), lines);
}

TEST(ScenarioOptions, SetLinesAndTimeOfSingleDoubleAndParallel) {
  expect_runs({
      {"single -n 1", "1.000", 1},
      {"single -n 7 -i 250ms", "1.750", 7},
      {"single -n 1000 -i 1h", "3600000.000", 1000},
      {"single -i 0", "0.000", 5},
      {"single -i 1ns", "0.000", 5},
      {"double -n 3 -i 1m", "360.000", 6},
      {"parallel -n 2 -i 0.5", "1.000", 4},
  });
}

TEST(ScenarioOptions, SetLinesAndTimeOfGather) {
  expect_runs({
      {"gather -t 1", "5.000", 5},
      {"gather -t 10 -n 2", "2.000", 20},
      {"gather --tasks 10000 -n 1 -i 2s", "2.000", 10000},
      {"gather --tasks=3 --interval=0", "0.000", 15},
  });
  expect_lines("gather -t 2 -n 2 -i 10us",
               {"what: task1 cycle: 1", "what: task2 cycle: 1", "what: task1 cycle: 2",
                "what: task2 cycle: 2", "done in 0.000"});
}

TEST(ScenarioOptions, SetLinesAndTimeOfCancel) {
  expect_runs({
      {"cancel --raise-at 0", "0.000", 0},
      {"cancel --raise-at 1", "1.000", 2},
      {"cancel --raise-at 5", "5.000", 10},
      {"cancel --raise-at 100 -n 3", "3.000", 6},
      {"cancel --return-exceptions", "5.000", 7},
      {"cancel --return-exceptions --raise-at 0 -n 3", "3.000", 3},
  });
}

TEST(ScenarioOptions, LetCancelPrintTwoMoreLinesIfTheIntervalIsZero) {
  expect_lines("cancel -i 0", {"what: task1 cycle: 1", "what: task1 cycle: 1",
                               "what: task1 cycle: 2", "what: task1 cycle: 2",
                               "what: task1 cycle: 3", "what: task1 cycle: 4", "done in 0.000"});
}

TEST(ScenarioOptions, SetLinesAndTimeOfWait) {
  expect_runs({
      {"wait --timeout 10s", "5.000", 9},
      {"wait --timeout 0", "0.000", 2},
      {"wait --timeout 1500ms", "1.500", 4},
      {"wait -i 20ms", "0.060", 6},
      {"wait --short-cycles 0 -n 1", "1.000", 3},
      {"wait --short-cycles 4", "3.000", 6},
      {"wait --short-cycles 9 --timeout 1h", "9.000", 16},
      {"wait --return-when first-completed", "2.000", 6},
      {"wait --return-when first-completed --short-cycles 3 -n 1", "1.000", 4},
      {"wait --return-when first-exception", "3.000", 6},
      {"wait --return-when all -n 2", "2.000", 6},
  });
  expect_lines("wait --return-when first-completed -n 1",
               {"what: task1 cycle: 1", "what: task2 cycle: 1", "Task-3 done", "Task-2 to cancel",
                "done in 1.000"});
}

TEST(ScenarioOptions, LetTheTimeoutOfWaitWinATie) {
  expect_lines("wait -n 3",
               {"what: task1 cycle: 1", "what: task2 cycle: 1", "what: task1 cycle: 2",
                "what: task2 cycle: 2", "Task-2 done", "Task-3 to cancel", "done in 3.000"});
}

TEST(ScenarioOptions, SetLinesAndTimeOfWaitFor) {
  expect_runs({
      {"wait-for --timeout 0", "0.000", 1},
      {"wait-for --timeout 10", "5.000", 5},
      {"wait-for -n 3", "3.000", 3},
      {"wait-for -n 2", "2.000", 2},
      {"wait-for --timeout 2500ms", "2.500", 3},
      {"wait-for --shield -n 2", "2.000", 2},
      {"wait-for --shield --timeout 0", "5.000", 6},
  });
  expect_lines("wait-for --shield",
               {"what: task1 cycle: 1", "what: task1 cycle: 2", "timeout", "what: task1 cycle: 3",
                "what: task1 cycle: 4", "what: task1 cycle: 5", "done in 5.000"});
}

TEST(ScenarioOptions, SetLinesAndTimeOfThread) {
  expect_runs({
      {"thread -n 1 --short-cycles 0 --block-cycles 0", "1.000", 1},
      {"thread --block-cycles 7", "7.000", 14},
      {"thread --short-cycles 6 -n 1 --block-cycles 1", "6.000", 8},
      {"thread -i 0", "0.000", 9},
      {"thread -i 1h", "18000.000", 9},
  });
}

TEST(ScenarioOptions, SetLinesAndTimeOfThreadsafe) {
  expect_runs({
      {"threadsafe --delay 0", "5.000", 12},
      {"threadsafe --delay 2500ms", "7.500", 12},
      {"threadsafe --short-cycles 9", "9.000", 19},
      {"threadsafe --short-cycles 0 -n 1", "2.000", 2},
      {"threadsafe -i 0", "0.000", 12},
      {"threadsafe -n 100 --delay 1h", "3700.000", 202},
  });
}

}  // namespace
}  // namespace asyncdemo_test
