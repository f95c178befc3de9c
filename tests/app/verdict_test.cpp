// --check, --expect and --tolerance.

#include <gtest/gtest.h>

#include "process.hpp"

namespace asyncdemo_test {
namespace {

struct Judged {
  std::string command;
  std::string complaint;  // empty: the check passes
};

void expect_verdicts(const std::vector<Judged>& table) {
  for (const Judged& row : table) {
    const Result result = run_tool(words(row.command + " --clock virtual"));

    SCOPED_TRACE(row.command);
    EXPECT_EQ(result.exit_code, row.complaint.empty() ? 0 : 3);
    EXPECT_EQ(result.err_text(), row.complaint.empty() ? "" : "asyncdemo: " + row.complaint + "\n");
    EXPECT_EQ(result.out.size(), 6U) << "a verdict changes nothing on stdout";
  }
}

TEST(Verdict, IsSilentIfTheRunIsOnTime) {
  expect_verdicts({
      {"single", ""},
      {"single --check", ""},
      {"single --expect 5s", ""},
      {"single --check --expect 5", ""},
      {"single --expect 4.9s --tolerance 100ms", ""},
      {"single --expect 4s --tolerance 25%", ""},
      {"single --expect 4.999s --tolerance 0.001%", ""},  // never less than 1 ms
      {"single --expect 4.999s --tolerance 0%", ""},
      {"single --expect 4s --tolerance 1h", ""},
  });
}

TEST(Verdict, IsLateBeyondTheTolerance) {
  expect_verdicts({
      {"single --expect 4s", "late: single took 5.000 s, expected 4.000 s + 0.000 s"},
      {"single --expect 4s --check", "late: single took 5.000 s, expected 4.000 s + 0.000 s"},
      {"single --expect 4s --tolerance 250ms",
       "late: single took 5.000 s, expected 4.000 s + 0.250 s"},
      {"single --expect 4s --tolerance 24.999%",
       "late: single took 5.000000000 s, expected 4.000000000 s + 0.999960000 s"},
      {"single --expect 0 --tolerance 1000%",
       "late: single took 5.000 s, expected 0.000 s + 0.001 s"},
  });
}

TEST(Verdict, IsEarlyByANanosecondDespiteTheTolerance) {
  expect_verdicts({
      {"single --expect 6s", "early: single took 5.000 s, expected 6.000 s"},
      {"single --expect 6s --tolerance 1h", "early: single took 5.000 s, expected 6.000 s"},
      {"single --expect 5.000000001s --tolerance 5%",
       "early: single took 5.000000000 s, expected 5.000000001 s"},
      {"single --expect 200000h", "early: single took 5.000 s, expected 720000000.000 s"},
  });
}

TEST(Verdict, ShowsNanosecondsIfMillisecondsHideTheDifference) {
  expect_verdicts({
      {"single --expect 4.999999999s",
       "late: single took 5.000000000 s, expected 4.999999999 s + 0.000000000 s"},
  });
}

TEST(Verdict, AllowsAQuarterOfASecondOnTheRealClock) {
  const Result on_time = run_tool(words("single -n 1 -i 10ms --check"));
  const Result too_late = run_tool(words("single -n 3 -i 100ms --expect 1ms"));
  const Result too_early = run_tool(words("single -n 1 -i 10ms --expect 1m"));

  EXPECT_EQ(on_time.exit_code, 0) << on_time.err_text();
  EXPECT_EQ(too_late.exit_code, 3);
  EXPECT_TRUE(too_late.err_text().ends_with(" s, expected 0.001 s + 0.250 s\n"))
      << too_late.err_text();
  EXPECT_EQ(too_early.exit_code, 3);
  EXPECT_TRUE(too_early.err_text().ends_with(" s, expected 60.000 s\n")) << too_early.err_text();
}

TEST(Verdict, SetsTheExitCodeWhenQuiet) {
  const Result quiet = run_tool(words("double -n 3 --expect 7s -q --clock virtual"));
  const Result silent = run_tool(words("double -n 3 --expect 7s -qq --clock virtual"));

  EXPECT_EQ(quiet.exit_code, 3);
  EXPECT_EQ(quiet.out_text(), "done in 6.000\n");
  EXPECT_EQ(quiet.err_text(), "asyncdemo: early: double took 6.000 s, expected 7.000 s\n");
  EXPECT_EQ(silent.exit_code, 3);
  EXPECT_EQ(silent.out_text(), "");
  EXPECT_EQ(silent.err_text(), "");
}

}  // namespace
}  // namespace asyncdemo_test
