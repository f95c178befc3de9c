// --json, --format jsonl, --stats and --max-late.

#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <set>

#include "golden.hpp"
#include "process.hpp"
#include "schema.hpp"

namespace asyncdemo_test {
namespace {

using Json = nlohmann::json;

/// Returns the document of a run. Fails the test if there is other output or it is not valid.
Json document_of(const std::string& command, int exit_code = 0) {
  const Result result = run_tool(words(command));
  EXPECT_EQ(result.exit_code, exit_code) << command;
  EXPECT_EQ(result.out.size(), 1U) << command;
  Json document = Json::parse(result.out_text());
  EXPECT_EQ(objections(document), "") << command;
  return document;
}

class ScenarioJson : public testing::TestWithParam<Golden> {};

TEST_P(ScenarioJson, IsAValidDocumentAndNothingElse) {
  const std::string scenario = GetParam().scenario;

  for (const std::string options :
       {" --json --clock virtual", " --format json -i 3ms -n 3 --check --tolerance 1h",
        " --json --clock virtual -i 0", " --json -q --clock virtual -n 1 --stats"}) {
    const Json document = document_of(scenario + options);

    EXPECT_EQ(document["scenario"], scenario);
    // With a timeout of zero, the coroutine never begins.
    const bool begins = scenario != "wait-for" || document["params"]["interval_s"] != 0;
    EXPECT_NE(document["rows"].empty(), begins);
  }
}

TEST_P(ScenarioJson, HasALineForEachEventAndTheDocumentInTheLast) {
  const Result result = run_tool(words(GetParam().scenario + " --format jsonl --clock virtual"));

  ASSERT_GT(result.out.size(), 1U);
  std::vector<std::string> lines;
  double before = 0;
  for (std::size_t i = 0; i + 1 < result.out.size(); ++i) {
    const Json event = Json::parse(result.out[i].text);
    EXPECT_EQ(event.size(), 5U);
    EXPECT_GE(event["t_s"], before) << "in the order of their times";
    before = event["t_s"];
    if (event["event"] == "line") lines.push_back(event["text"]);
  }
  EXPECT_EQ(objections(Json::parse(result.out.back().text)), "");
  const std::vector<std::string> golden = GetParam().lines;
  EXPECT_EQ(std::multiset<std::string>(lines.begin(), lines.end()),
            std::multiset<std::string>(golden.begin(), golden.end()));
}

INSTANTIATE_TEST_SUITE_P(, ScenarioJson, testing::ValuesIn(golden_outputs()), test_name);

TEST(JsonDocument, HasItsKeysInAStableOrder) {
  EXPECT_EQ(run_tool(words("gather -t 1 -n 2 --json --clock virtual --check")).out_text(),
            R"({"schema":1,"version":"0.1.0","scenario":"gather","clock":"virtual",)"
            R"("params":{"cycles":2,"interval_s":1.0,"tasks":1},"expected_s":2.0,)"
            R"("tolerance_s":0.0,"elapsed_s":2.0,"verdict":"ok",)"
            R"("timers":{"n":2,"late_ms":{"mean":0.0,"p99":0.0,"max":0.0}},)"
            R"("rows":[{"name":"task1","task":"Task-2","start_s":0.0,"end_s":2.0,)"
            R"("state":"done","wakes":2}]})"
            "\n");
}

TEST(JsonDocument, NamesTheOptionsThatAreInForce) {
  EXPECT_EQ(document_of("wait --json --clock virtual -i 20ms")["params"],
            Json::parse(R"({"cycles":5,"interval_s":0.02,"timeout_s":0.06,"short_cycles":2,
                            "return_when":"all"})"));
  EXPECT_EQ(document_of("wait-for --shield --timeout 1.5 --json --clock virtual")["params"],
            Json::parse(R"({"cycles":5,"interval_s":1,"timeout_s":1.5,"shield":true})"));
}

TEST(JsonDocument, WritesSmallNumbersAsDecimalFractions) {
  const std::string text = run_tool(words("single -i 1ns -n 1 --json --clock virtual")).out_text();

  EXPECT_NE(text.find(R"("interval_s":0.000000001)"), std::string::npos) << text;
  EXPECT_EQ(text.find("e-"), std::string::npos) << text;
}

TEST(JsonDocument, SaysFailedIfAnotherOutputCannotBeWritten) {
  for (const std::string picture : {"--svg", "--trace"}) {
    for (const std::string cycles : {"1", "5000"}) {
      const Result result =
          run_tool({"gather", "--clock", "virtual", "-n", cycles, "--json", picture, "/dev/full"});

      EXPECT_EQ(result.exit_code, 1);
      ASSERT_EQ(result.out.size(), 1U) << picture << cycles;
      EXPECT_EQ(Json::parse(result.out_text())["verdict"], "failed");
      EXPECT_EQ(result.err.back().text,
                "asyncdemo: error: cannot write to /dev/full: No space left on device");
    }
  }
}

TEST(JsonDocument, TellsHowEachCoroutineEnded) {
  const Json cancel = document_of("cancel --json --clock virtual")["rows"];
  ASSERT_EQ(cancel.size(), 2U);
  EXPECT_EQ(cancel[0]["state"], "cancelled");
  EXPECT_EQ(cancel[1]["state"], "raised");
  EXPECT_EQ(cancel[1]["name"], "task1 (exc)");

  const Json threadsafe = document_of("threadsafe --json --clock virtual")["rows"];
  ASSERT_EQ(threadsafe.size(), 4U);
  EXPECT_EQ(threadsafe[2]["task"], "thread");
  EXPECT_EQ(threadsafe[3]["start_s"], 1.0);
}

TEST(JsonDocument, HasTheVerdictOfTheChecks) {
  EXPECT_EQ(document_of("single --json --clock virtual")["verdict"], "none");
  EXPECT_EQ(document_of("single --json --clock virtual --max-late 0")["verdict"], "ok");
  EXPECT_EQ(document_of("single --json --clock virtual --expect 4", 3)["verdict"], "late");
  EXPECT_EQ(document_of("single --json --clock virtual --expect 6", 3)["verdict"], "early");
  EXPECT_EQ(document_of("single --json -i 1ms --max-late 0", 3)["verdict"], "timer-late");
}

TEST(JsonDocument, IsWrittenEvenIfTheRunIsInterrupted) {
  for (const std::string format : {"json", "jsonl"}) {
    Process tool({"thread", "-i", "20ms", "-n", "1000", "-v", "--format", format});
    tool.read_error_with("task2 waiting");
    tool.send(SIGINT);
    const Result result = tool.wait();

    EXPECT_EQ(result.signal, SIGINT);
    ASSERT_FALSE(result.out.empty());
    const Json document = Json::parse(result.out.back().text);
    EXPECT_EQ(objections(document), "");
    EXPECT_EQ(document["verdict"], "interrupted");
    EXPECT_EQ(document["rows"][1]["state"], "cancelled");
  }
}

TEST(JsonDocument, HoldsADocumentForEachOfSeveralRuns) {
  const Json both = document_of("compare double gather --json");
  ASSERT_EQ(both["runs"].size(), 2U);
  EXPECT_EQ(both["runs"][0]["elapsed_s"], 10.0);
  EXPECT_EQ(both["runs"][1]["scenario"], "gather");

  EXPECT_EQ(document_of("all --json --clock virtual")["runs"].size(), 9U);
}

TEST(JsonSchema, RefusesWhatIsNoDocument) {
  Json document = document_of("single --json --clock virtual");
  document["verdict"] = "splendid";
  EXPECT_NE(objections(document), "");
  document["verdict"] = "ok";
  document["rows"][0].erase("wakes");
  EXPECT_NE(objections(document), "");
}

TEST(JsonOutput, EndsWith1IfStdoutIsFull) {
  for (const std::string format : {"json", "jsonl"}) {
    const Result result =
        run_tool({"gather", "--clock", "virtual", "--format", format}, Stdout::full_device);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err_text(),
              "asyncdemo: error: cannot write to standard output: No space left on device\n");
  }
}

TEST(Stats, TellHowLateTimersWereOnStderr) {
  const Result result = run_tool(words("gather --clock virtual --stats"));

  EXPECT_EQ(result.err_text(), "asyncdemo: timers 15 late ms mean 0.000 p99 0.000 max 0.000\n");
  EXPECT_EQ(result.out.size(), 16U);
}

TEST(Stats, NameTheScenarioIfThereAreSeveral) {
  const Result result = run_tool(words("compare single thread --stats -q"));

  EXPECT_EQ(result.err_text(),
            "asyncdemo: single: timers 5 late ms mean 0.000 p99 0.000 max 0.000\n"
            "asyncdemo: thread: timers 7 late ms mean 0.000 p99 0.000 max 0.000\n");
}

TEST(MaxLate, EndsWith3IfATimerWasLater) {
  const Result result = run_tool(words("single -i 1ms --max-late 0"));

  EXPECT_EQ(result.exit_code, 3);
  ASSERT_EQ(result.err.size(), 1U);
  const std::string& line = result.err.front().text;
  EXPECT_TRUE(line.starts_with("asyncdemo: timer-late: single had a timer ")) << line;
  EXPECT_TRUE(line.ends_with(" ms late, allowed 0.000 ms")) << line;
}

TEST(MaxLate, IsMetIfNoTimerWasLater) {
  EXPECT_EQ(run_tool(words("single -i 1ms --max-late 1h")).exit_code, 0);
}

TEST(Verbose, TellsThePlanAndTheEventsOnStderr) {
  const Result result = run_tool(words("single -n 1 --clock virtual -v"));

  EXPECT_EQ(result.out_text(), "what: test cycle: 1\ndone in 1.000\n");
  ASSERT_GE(result.err.size(), 3U);
  EXPECT_EQ(result.err[0].text,
            "asyncdemo: plan: single, 1.000 s = 1 x 1 on the virtual clock: one coroutine, "
            "awaited to its end");
  EXPECT_NE(result.err_text().find("asyncdemo: backend: "), std::string::npos);
  EXPECT_NE(result.err_text().find("asyncdemo: 1.000 Task-1 test woke\n"), std::string::npos);
  EXPECT_NE(result.err_text().find("asyncdemo: 1.000 Task-1 test done\n"), std::string::npos);
}

}  // namespace
}  // namespace asyncdemo_test
