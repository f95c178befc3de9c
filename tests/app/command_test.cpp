// Command lines that can be run: the Command that they become.

#include <gtest/gtest.h>

#include "parse.hpp"
#include "process.hpp"
#include "scenarios/table.hpp"

namespace asyncdemo_test {
namespace {

using namespace std::chrono_literals;
using asyncdemo::clock_of;
using asyncdemo::Command;
using asyncdemo::Format;
using asyncdemo::TimelineChoice;
using asyncio::ClockKind;

std::vector<std::string> names_of(const Command& command) {
  std::vector<std::string> names;
  for (const auto& planned : command.runs) names.push_back(planned.name);
  return names;
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto* info : asyncdemo::scenarios()) names.emplace_back(info->name);
  return names;
}

TEST(Compare, HasARunForEachNameInOrder) {
  const Command command = parse(words("compare double gather -n 3 double"));

  EXPECT_EQ(command.kind, Command::Kind::compare);
  EXPECT_EQ(names_of(command), (std::vector<std::string>{"double", "gather", "double"}));
  EXPECT_NE(command.runs[0].scenario, command.runs[2].scenario);
  for (const auto& planned : command.runs) EXPECT_FALSE(planned.check);
  EXPECT_EQ(command.runs[0].scenario->ideal(), 6s);
  EXPECT_EQ(command.runs[1].scenario->ideal(), 3s);
  EXPECT_EQ(command.runs[1].options.size(), 1U);
}

TEST(Compare, IsOnTheVirtualClockUnlessAskedForAnother) {
  EXPECT_EQ(clock_of(*parse(words("compare single double")).settings), ClockKind::virtual_time);
  EXPECT_EQ(clock_of(*parse(words("compare single double --clock real")).settings),
            ClockKind::real);
  EXPECT_EQ(clock_of(*parse(words("--clock real compare single double")).settings),
            ClockKind::real);
}

TEST(Compare, ChecksEachRunWithItsOwnFormula) {
  const Command command = parse(words("compare single double --check"));

  EXPECT_EQ(command.runs[0].check->expected, 5s);
  EXPECT_EQ(command.runs[1].check->expected, 10s);
  EXPECT_EQ(command.runs[1].check->tolerance, 0s);
}

TEST(All, HasACheckedRunForEachScenarioInTableOrder) {
  const Command command = parse({"all"});

  EXPECT_EQ(command.kind, Command::Kind::all);
  EXPECT_EQ(names_of(command), all_names());
  for (const auto& planned : command.runs) {
    ASSERT_TRUE(planned.check);
    EXPECT_EQ(planned.check->expected, planned.scenario->ideal());
    EXPECT_EQ(planned.check->tolerance, 250ms);
  }
}

TEST(All, IsQuickOnTheRealClockUnlessAnIntervalIsGiven) {
  EXPECT_EQ(parse({"all"}).settings->interval, 20ms);
  EXPECT_EQ(parse({"all"}).runs.front().check->expected, 100ms);
  EXPECT_EQ(parse(words("all --clock real")).settings->interval, 20ms);
  EXPECT_EQ(parse(words("all -i 1s")).settings->interval, 1s);
  EXPECT_EQ(parse(words("all --clock virtual")).settings->interval, 1s);
}

TEST(All, AcceptsAToleranceWithoutCheck) {
  EXPECT_EQ(parse(words("all --tolerance 50ms")).runs.front().check->tolerance, 50ms);
}

TEST(Options, ActInTheOrderOfTheLineIfTheyContradict) {
  const auto timeline = [](const std::string& line) {
    return parse(words(line)).settings->timeline;
  };
  const auto format = [](const std::string& line) { return parse(words(line)).settings->format; };

  EXPECT_EQ(timeline("single --timeline --no-timeline"), TimelineChoice::never);
  EXPECT_EQ(timeline("single --no-timeline --timeline"), TimelineChoice::always);
  EXPECT_EQ(timeline("--no-timeline single --timeline --no-timeline"), TimelineChoice::never);
  EXPECT_EQ(format("single --format jsonl --format text"), Format::text);
  EXPECT_EQ(format("single --json --format text"), Format::text);
  EXPECT_EQ(format("single --format text --json"), Format::json);
  EXPECT_EQ(format("single --json --format=jsonl"), Format::jsonl);
}

TEST(Options, AcceptAnyFileNameThatIsNoOption) {
  EXPECT_EQ(parse(words("single --svg -")).settings->svg, "-");
  EXPECT_EQ(parse({"single", "--trace", "a b"}).settings->trace, "a b");
  EXPECT_EQ(parse({"single", "--trace=./-q"}).settings->trace, "./-q");
  EXPECT_EQ(parse(words("single --svg a --svg b")).settings->svg, "b");
}

TEST(Options, MaySendOneOutputToStdout) {
  for (const std::string line :
       {"single --svg - --trace file", "single --json --svg file", "single --timeline -q",
        "single --live --no-timeline", "single --live --timeline",
        "single --svg - --json --format text", "single -qq --svg file",
        "compare single double --json", "all --svg -"}) {
    EXPECT_NO_THROW((void)parse(words(line))) << line;
  }
}

}  // namespace
}  // namespace asyncdemo_test
