#include "report/chrome_trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <set>

#include "recorded_run.hpp"
#include "trace_checker.hpp"

namespace asyncdemo_test {
namespace {

using namespace std::chrono_literals;
using asyncdemo::ChromeTrace;
using asyncdemo::Event;
using nlohmann::json;

/// A trace and the text that it has written.
struct WrittenTrace {
  std::string text;
  std::size_t largest_piece = 0;
  ChromeTrace trace{[this](std::string_view piece) {
    text += piece;
    largest_piece = std::max(largest_piece, piece.size());
  }};

  json finish() {
    trace.finish();
    return json::parse(text);
  }
};

json trace_of(const std::string& command_line) {
  WrittenTrace written;
  written.trace.begin_run(command_line);
  RecordedRun run(command_line);
  run.run({&written.trace});
  written.trace.end_run(run.record().elapsed);
  return written.finish();
}

std::vector<json> events_with(const json& trace, const std::string& key, const json& value) {
  std::vector<json> found;
  for (const json& event : trace) {
    if (event.contains(key) && event.at(key) == value) found.push_back(event);
  }
  return found;
}

/// Returns "name ts dur" of the slices of a thread, in the order of their ends.
std::vector<std::string> slices_of(const json& trace, int tid) {
  std::vector<std::string> found;
  for (const json& event : events_with(trace, "tid", tid)) {
    if (event.at("ph") != "X") continue;
    found.push_back(event.at("name").get<std::string>() + " " + event.at("ts").dump() + " " +
                    event.at("dur").dump());
  }
  return found;
}

using Lines = std::vector<std::string>;

TEST(ChromeTrace, KeepsTheRulesForEveryScenario) {
  for (const std::string& line : recorded_command_lines()) {
    const json trace = trace_of(line);

    EXPECT_EQ(trace_errors(trace), Lines{}) << line;
  }
}

TEST(ChromeTrace, ShowsAwaitsInTheCoroutineInTheTask) {
  const json trace = trace_of("double -n 2");

  EXPECT_EQ(slices_of(trace, 1001),
            (Lines{"sleep() 0.0 1000000.0", "sleep() 1000000.0 1000000.0", "test 1 0.0 2000000.0",
                   "sleep() 2000000.0 1000000.0", "sleep() 3000000.0 1000000.0",
                   "test 2 2000000.0 2000000.0", "Task-1 0.0 4000000.0"}));
}

TEST(ChromeTrace, ShowsEachStepOnTheLoopsThread) {
  const json trace = trace_of("gather -t 2 -n 1");

  EXPECT_EQ(slices_of(trace, 1),
            (Lines{"Task-1 0.0 0.0", "Task-2 0.0 0.0", "Task-3 0.0 0.0", "Task-2 1000000.0 0.0",
                   "Task-3 1000000.0 0.0", "Task-1 1000000.0 0.0"}));
}

TEST(ChromeTrace, ShowsWorkersFromAHundredOn) {
  const json trace = trace_of("thread");

  EXPECT_EQ(slices_of(trace, 100), (Lines{"blocked 0.0 1000000.0", "blocked 1000000.0 1000000.0",
                                          "task_block 0.0 2000000.0"}));
}

TEST(ChromeTrace, MarksWakes) {
  const json trace = trace_of("gather -t 2 -n 3");
  const auto wakes = events_with(trace, "ph", "i");

  EXPECT_EQ(wakes.size(), 6U);
  EXPECT_EQ(events_with(wakes, "tid", 1002).size(), 3U);
}

TEST(ChromeTrace, SaysHowTasksEnd) {
  const json trace = trace_of("cancel");
  std::map<std::string, json> args;
  for (const json& event : events_with(trace, "ph", "X")) {
    if (event.contains("args")) args[event.at("name").get<std::string>()] = event.at("args");
  }

  EXPECT_EQ(args["Task-1"]["state"], "done");
  EXPECT_EQ(args["Task-2"]["state"], "cancelled");
  EXPECT_EQ(args["Task-3"]["state"], "raised");
  EXPECT_EQ(args["task1"]["state"], "cancelled");
  EXPECT_EQ(args["task1 (exc)"]["state"], "raised");
  EXPECT_TRUE(args["task1 (exc)"].contains("error"));
}

TEST(ChromeTrace, HasALifetimeForEachTask) {
  for (const std::string& line : recorded_command_lines()) {
    WrittenTrace written;
    std::set<std::string> tasks;
    EventHook hook([&](const Event& event) {
      written.trace.take(event);
      if (event.kind == Event::Kind::created) tasks.emplace(event.task);
    });
    written.trace.begin_run("test");
    (void)RecordedRun(line).run({&hook});
    const json trace = written.finish();

    std::set<std::string> lifetimes;
    for (const json& event : trace) {
      const bool ends = event.at("ph") == "X" || event.at("ph") == "e";
      if (!ends || !event.contains("args")) continue;
      if (tasks.contains(event.at("name"))) lifetimes.insert(event.at("name"));
    }
    EXPECT_EQ(lifetimes, tasks) << line;
    EXPECT_FALSE(tasks.empty());
  }
}

TEST(ChromeTrace, HasPairsWithANumberForTasksAfterTheFirstThousand) {
  const json trace = trace_of("gather -t 1001 -n 1");

  const auto last = events_with(trace, "id", 1002);
  ASSERT_EQ(last.size(), 6U);
  EXPECT_EQ(last[0]["name"], "Task-1002");
  EXPECT_EQ(last[1]["name"], "task1001");
  EXPECT_EQ(last[2]["name"], "sleep()");
  EXPECT_EQ(last[3]["name"], "sleep()");
  EXPECT_EQ(last[5]["name"], "Task-1002");
  EXPECT_EQ(last[5]["args"]["state"], "done");
  EXPECT_EQ(slices_of(trace, 2000).size(), 3U) << "Task-1000";
  EXPECT_TRUE(slices_of(trace, 2001).empty());
}

TEST(ChromeTrace, NumbersRunsAsProcesses) {
  WrittenTrace written;
  for (const std::string line : {"double", "gather -t 1001 -n 1", "gather -t 1001 -n 1"}) {
    written.trace.begin_run(line);
    RecordedRun run(line);
    run.run({&written.trace});
    written.trace.end_run(run.record().elapsed);
  }
  const json trace = written.finish();

  EXPECT_EQ(trace_errors(trace), Lines{});
  const auto names = events_with(trace, "name", "process_name");
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[1]["pid"], 2);
  EXPECT_EQ(names[1]["args"]["name"], "gather -t 1001 -n 1");
}

TEST(ChromeTrace, KeepsNanoseconds) {
  const json trace = trace_of("single -n 1 -i 1ns");

  EXPECT_EQ(slices_of(trace, 1001),
            (Lines{"sleep() 0.0 0.001", "test 0.0 0.001", "Task-1 0.0 0.001"}));
}

TEST(ChromeTrace, IsCompleteIfARunFails) {
  WrittenTrace written;
  int lines = 0;
  EventHook hook([&](const Event& event) {
    if (event.kind == Event::Kind::line && ++lines == 3) throw std::runtime_error("full");
    written.trace.take(event);
  });
  written.trace.begin_run("gather");
  EXPECT_THROW((void)RecordedRun("gather").run({&hook}), std::runtime_error);
  const json trace = written.finish();

  EXPECT_EQ(trace_errors(trace), Lines{});
  EXPECT_EQ(slices_of(trace, 1002).back(), "Task-2 0.0 1000000.0");
}

TEST(ChromeTrace, IsCompleteIfARunIsInterrupted) {
  WrittenTrace written;
  int lines = 0;
  EventHook hook([&](const Event& event) {
    if (event.kind == Event::Kind::line && ++lines == 4) std::raise(SIGINT);
    written.trace.take(event);
  });
  written.trace.begin_run("gather");
  RecordedRun run("gather");
  run.run({&hook});
  written.trace.end_run(run.record().elapsed);
  const json trace = written.finish();

  EXPECT_EQ(run.record().signal, SIGINT);
  EXPECT_EQ(trace_errors(trace), Lines{});
  const auto tasks = events_with(trace, "cat", "lifetime");
  ASSERT_EQ(tasks.size(), 4U);
  EXPECT_EQ(tasks[0]["args"]["state"], "cancelled");
}

TEST(ChromeTrace, IsCompleteWithoutARun) {
  WrittenTrace written;
  EXPECT_EQ(written.finish(), json::array());
  written.trace.finish();
  EXPECT_EQ(written.text, "[]\n");
}

TEST(ChromeTrace, IsWrittenInPiecesOfABoundedSize) {
  WrittenTrace written;
  written.trace.begin_run("single");
  RecordedRun run("single -n 5000");
  run.run({&written.trace});
  written.trace.end_run(run.record().elapsed);
  written.trace.finish();

  EXPECT_GT(written.text.size(), 1'000'000U);
  EXPECT_GE(written.largest_piece, 64U * 1024);
  EXPECT_LT(written.largest_piece, 66U * 1024);
}

TEST(ChromeTrace, EscapesNames) {
  for (const std::string& name : {std::string("\"\\\n\x01\x7f"), std::string("\xf0\x9f\x98\x80")}) {
    WrittenTrace written;
    written.trace.begin_run(name);
    Event event{.kind = Event::Kind::created};
    event.task_number = 1;
    event.task = name;
    written.trace.take(event);

    EXPECT_EQ(trace_errors(written.finish()), Lines{}) << written.text;
  }
}

}  // namespace
}  // namespace asyncdemo_test
