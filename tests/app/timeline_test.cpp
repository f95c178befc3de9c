#include "report/timeline.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "recorded_run.hpp"
#include "report/columns.hpp"

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;
using namespace std::chrono_literals;

std::string chart_of(const std::string& command_line, const ChartStyle& style = {}) {
  std::string text = "\n";
  text += RecordedRun(command_line).run().chart(style);
  return text;
}

/// A run that is made up, with one row.
struct MadeUp {
  MadeUp(Duration start, Duration interval) {
    run.scenario.append("single");  // as an assignment g++ 12 warns of it without cause
    run.formula.append("1");
    run.interval = interval;
    take({.kind = Event::Kind::started, .at = start});
    take({.kind = Event::Kind::waiting, .at = start, .asleep = true});
  }
  void take(Event event) {
    event.row = 0;
    event.name = "test";
    event.task = "Task-1";
    run.recording.take(event);
  }
  /// The row, without what is beside it.
  [[nodiscard]] std::string row(Duration now, Duration span, ChartStyle style = {}) const {
    const std::string line = lines_of(draw_timeline(run, now, span, style)).at(2);
    return line.substr(23, line.rfind("  ") - 23);
  }
  [[nodiscard]] std::string axis(Duration now, Duration span) const {
    return lines_of(draw_timeline(run, now, span, {})).at(1).substr(23);
  }

  RunRecord run;
};

// --- The examples of the documentation ---

TEST(Timeline, ShowsTwoCoroutinesOfOneTaskOneAfterTheOther) {
  EXPECT_EQ(chart_of("double"), R"(
double     10.00 s = 5 + 5          one task, one await after the other
                       0   1   2   3   4   5   6   7   8   9   10s
test 1         Task-1  ├━━━●━━━●━━━●━━━●━━━✓                      5.00
test 2         Task-1                      ├━━━●━━━●━━━●━━━●━━━✓  5.00
awake          loop        1   1   1   1   1   1   1   1   1   1
)");
}

TEST(Timeline, ShowsTasksThatWaitAtTheSameTime) {
  EXPECT_EQ(chart_of("gather"), R"(
gather      5.00 s = max(5, 5, 5)   three tasks wait at the same time
                       0   1   2   3   4   5s
task1          Task-2  ├━━━●━━━●━━━●━━━●━━━✓  5.00
task2          Task-3  ├━━━●━━━●━━━●━━━●━━━✓  5.00
task3          Task-4  ├━━━●━━━●━━━●━━━●━━━✓  5.00
awake          loop        3   3   3   3   3
)");
}

TEST(Timeline, ShowsWhatIsCancelledAndWhatRaises) {
  EXPECT_EQ(chart_of("cancel"), R"(
cancel      2.00 s = 2 x 1          Task-3 raises, main cancels Task-2
                       0   1   2s
task1          Task-2  ├━━━●━━━⊘  2.00
task1 (exc)    Task-3  ├━━━●━━━✗  2.00
awake          loop        2   2
)");
}

TEST(Timeline, DoesNotCountTheTimeoutOfMain) {
  EXPECT_EQ(chart_of("wait"), R"(
wait        3.00 s = min(3, 5)      timeout 3 s comes before task2 ends
                       0   1   2   3s
task1          Task-2  ├━━━●━━━✓      2.00
task2          Task-3  ├━━━●━━━●━━━⊘  3.00
awake          loop        2   2
)");
}

TEST(Timeline, ShowsABlockedThread) {
  EXPECT_EQ(chart_of("thread"), R"(
thread      5.00 s = max(2, 5, 2)   the blocking call sits in its own thread
                       0   1   2   3   4   5s
task1          Task-2  ├━━━●━━━✓              2.00
task2          Task-3  ├━━━●━━━●━━━●━━━●━━━✓  5.00
task_block     thread  ├███●███✓              2.00
awake          loop        2   2   1   1   1
)");
}

TEST(Timeline, ShowsAThreadThatAwaitsATask) {
  EXPECT_EQ(chart_of("threadsafe"), R"(
threadsafe  6.00 s = 1 + 5          thread blocks 1 s, then submits 5 s
                       0   1   2   3   4   5   6s
task1          Task-2  ├━━━●━━━✓                  2.00
task2          Task-3  ├━━━●━━━●━━━●━━━●━━━✓      5.00
thread         thread  ├███┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄✓  6.00
another_thread Task-5      ├━━━●━━━●━━━●━━━●━━━✓  5.00
awake          loop        2   3   2   2   2   1
)");
}

TEST(Timeline, IsDrawnInAscii) {
  const std::string row =
      "test 1         Task-1  |---o---o---o---o---]                      5.00\n";

  EXPECT_NE(chart_of("double", {.ascii = true}).find(row), std::string::npos);
}

TEST(Timeline, HasAnAsciiMarkForEveryState) {
  const ChartStyle ascii{.ascii = true};

  EXPECT_NE(chart_of("cancel", ascii).find("|---o---x"), std::string::npos);
  EXPECT_NE(chart_of("cancel", ascii).find("|---o---!"), std::string::npos);
  EXPECT_NE(chart_of("thread", ascii).find("|###o###]"), std::string::npos);
  EXPECT_NE(chart_of("threadsafe", ascii).find("|###......"), std::string::npos);
}

TEST(Timeline, IsTheSameOnTheRealClock) {
  const std::string text = chart_of("gather --clock real --interval 500ms --cycles 2");

  EXPECT_NE(text.find("  0   0.5 1s\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  ├━━━●━━━✓  1.0"), std::string::npos) << text;
}

// --- Axis ---

TEST(Timeline, TakesFewerColumnsForAStepWhereItIsNarrow) {
  EXPECT_EQ(chart_of("gather --tasks 1", {.width = 40}), R"(
gather      5.00 s = max(5)         one…
                       0 1 2 3 4 5s
task1          Task-2  ├━●━●━●━●━✓  5.00
awake          loop      1 1 1 1 1
)");
}

TEST(Timeline, IsScaledAndHasNoTicksWhereACycleIsLessThanTwoColumns) {
  EXPECT_EQ(chart_of("double", {.width = 40}), R"(
double     10.00 s = 5 + 5          one…
                       0 2 4 6 8 10s
test 1         Task-1  ├━━━━✓       5.00
test 2         Task-1       ├━━━━✓  5.00
awake          loop     1111111111
)");
}

TEST(Timeline, HasAtMostTwelveSteps) {
  EXPECT_NE(chart_of("single --cycles 12").find(" 11  12s\n"), std::string::npos);
  EXPECT_NE(chart_of("single --cycles 13").find("0   2   4   6   8   10  12  14s\n"),
            std::string::npos);
}

TEST(Timeline, NamesTheUnitOfItsSteps) {
  EXPECT_NE(chart_of("single --interval 1ns").find("0   1   2   3   4   5ns\n"), std::string::npos);
  EXPECT_NE(chart_of("single --interval 2us").find("0   2   4   6   8   10us\n"),
            std::string::npos);
  EXPECT_NE(chart_of("single --interval 20ms").find("0   20  40  60  80  100ms\n"),
            std::string::npos);
  EXPECT_NE(chart_of("single --interval 1h").find("18000s\n"), std::string::npos);
}

TEST(Timeline, LeavesLabelsOutThatWouldTouch) {
  const std::string text = chart_of("single --interval 1h");

  EXPECT_NE(text.find("0   2000    6000    10000   14000   18000s\n"), std::string::npos) << text;
}

TEST(Timeline, IsOneColumnWhereNoTimePasses) {
  EXPECT_EQ(chart_of("gather --interval 0 --tasks 2"), R"(
gather      0.00 s = max(0, 0)      two tasks wait at the same time
                       0s
task1          Task-2  ✓  0.00
task2          Task-3  ✓  0.00
awake          loop    +
)");
}

TEST(Timeline, EndsAtTheStepThatIsLessThanAColumnBack) {
  const MadeUp made(0s, 1s);

  EXPECT_EQ(made.axis(5004ms, 5s), "0   1   2   3   4   5s");
  EXPECT_EQ(made.axis(5249ms, 5s), "0   1   2   3   4   5s");
  EXPECT_EQ(made.axis(5250ms, 5s), "0   1   2   3   4   5   6s");
}

TEST(Timeline, HoldsTheSpanThatIsAskedFor) {
  const MadeUp made(0s, 1s);

  EXPECT_EQ(made.axis(1s, 10s), "0   1   2   3   4   5   6   7   8   9   10s");
  EXPECT_EQ(made.row(1s, 10s).find("├━━━━ "), 0U);
}

// --- Rows ---

TEST(Timeline, EndsARowThatIsUnfinishedWithoutAMark) {
  MadeUp made(0s, 1s);
  made.take({.kind = Event::Kind::woke, .at = 1s});
  made.take({.kind = Event::Kind::waiting, .at = 1s, .asleep = true});

  EXPECT_EQ(made.row(2s, 2s), "├━━━●━━━━");
  EXPECT_EQ(made.row(1s, 1s), "├━━━●");
}

TEST(Timeline, LetsTheEndWinOverAWakeAndAWakeOverTheStart) {
  MadeUp made(0s, 1s);
  made.take({.kind = Event::Kind::woke, .at = 1100ms});
  EXPECT_EQ(made.row(1100ms, 2s), "├━━━●    ");

  made.take({.kind = Event::Kind::cancelled, .at = 1200ms});
  EXPECT_EQ(made.row(2s, 2s), "├━━━⊘    ");

  MadeUp late(900ms, 1s);
  late.take({.kind = Event::Kind::cancelled, .at = 999ms});
  EXPECT_EQ(late.row(1s, 1s), "   ⊘ ");
}

TEST(Timeline, DrawsNoTickWhereTheRowTurnsToSomethingElse) {
  MadeUp made(0s, 1s);
  made.take({.kind = Event::Kind::woke, .at = 1s});
  made.take({.kind = Event::Kind::waiting, .at = 1s});

  EXPECT_EQ(made.row(2s, 2s), "├━━━┄┄┄┄┄");
}

TEST(Timeline, FoldsTheRowsBeyondTwenty) {
  const auto lines = lines_of(RecordedRun("gather --tasks 1000").run().chart());
  const auto one_more = lines_of(RecordedRun("gather --tasks 21").run().chart());
  const auto few = lines_of(RecordedRun("gather").run().chart({.rows = 1}));

  ASSERT_EQ(lines.size(), 24U);
  EXPECT_EQ(lines[21].substr(0, 23), "task20         Task-21 ");
  EXPECT_EQ(lines[22], "... 980 more rows alike");
  EXPECT_EQ(lines[23], "awake          loop        +   +   +   +   +");
  EXPECT_EQ(one_more.at(22), "... 1 more row alike");
  EXPECT_EQ(few.at(3), "... 2 more rows alike");
}

TEST(Timeline, CutsLongNames) {
  MadeUp made(0s, 1s);
  made.run.recording.take({.kind = Event::Kind::started,
                           .row = 1,
                           .task = "Task-1234567890",
                           .name = "a name of more than thirty columns"});

  const auto lines = lines_of(draw_timeline(made.run, 1s, 1s, {}));
  const auto ascii = lines_of(draw_timeline(made.run, 1s, 1s, {.ascii = true}));

  EXPECT_EQ(lines.at(3), "a name of more than th… Task-12345… ├━━━━  1.00");
  EXPECT_EQ(ascii.at(3), "a name of more than ... Task-123... |----  1.00");
}

TEST(Timeline, ColorsRunsOfEqualMarks) {
  const auto lines = lines_of(RecordedRun("cancel").run().chart({.color = true}));

  EXPECT_EQ(lines.at(2),
            "task1          Task-2  ├\x1b[36m━━━\x1b[0m\x1b[1m●\x1b[0m\x1b[36m━━━\x1b[0m\x1b[35m⊘"
            "\x1b[0m  2.00");
  EXPECT_EQ(lines.at(3).substr(lines.at(3).size() - 18), "\x1b[31m✗\x1b[0m  2.00");
  EXPECT_EQ(lines.at(4).find('\x1b'), std::string::npos);
}

// --- Whatever the options ---

void expect_to_fit(const RunRecord& run, Duration now, ChartStyle style) {
  for (style.width = 40; style.width <= 120; ++style.width) {
    for (const std::string& line : lines_of(draw_timeline(run, now, run.expected, style))) {
      ASSERT_LE(columns_of(line), style.width) << line;
      ASSERT_FALSE(line.ends_with(' ')) << line;
    }
    style.ascii = !style.ascii;
  }
}

TEST(Timeline, IsNeverWiderThanAskedFor) {
  static const std::vector<std::string> kRuns{
      "single --cycles 1",
      "single --cycles 1500 --interval 1h",
      "double --cycles 37 --interval 1234567ns",
      "gather --tasks 30 --cycles 7 --interval 999s",
      "gather --tasks 100 --interval 0",
      "cancel --raise-at 0",
      "cancel --return-exceptions --interval 1ns",
      "wait --timeout 0",
      "wait --timeout 1ns --short-cycles 0",
      "wait --timeout 1h --return-when first-completed",
      "wait-for --timeout 7ns --interval 3ns --shield",
      "wait-for --timeout 0",
      "thread --block-cycles 0 --short-cycles 0 --cycles 3",
      "thread --block-cycles 33 --interval 17ms",
      "threadsafe --delay 0 --interval 0",
      "threadsafe --delay 1h --short-cycles 1100 --interval 1us",
  };
  for (const std::string& line : kRuns) {
    RecordedRun run(line);
    SCOPED_TRACE(run.run().chart());

    EXPECT_EQ(run.record().elapsed, run.ideal());
    expect_to_fit(run.record(), run.record().elapsed, {});
    expect_to_fit(run.record(), run.record().elapsed / 3, {});
    expect_to_fit(run.record(), Duration::max(), {});
  }
}

TEST(Timeline, HoldsTheLongestDuration) {
  MadeUp made(Duration::max() - 1ns, 1h);
  made.run.formula = std::string(200, '9');
  made.run.lesson = "it is as long as it can be";
  made.take({.kind = Event::Kind::done, .at = Duration::max()});

  const auto lines = lines_of(draw_timeline(made.run, Duration::max(), Duration::max(), {}));

  EXPECT_EQ(lines.at(0).substr(0, 27), "single     9223372036.85 s ");
  EXPECT_TRUE(lines.at(1).ends_with(" 9000000000s")) << lines.at(1);
  EXPECT_TRUE(lines.at(2).ends_with(" ✓  0.00")) << lines.at(2);
  expect_to_fit(made.run, Duration::max(), {});
}

TEST(Timeline, TakesAnyEventsInAnyColumn) {
  std::minstd_rand random(7);
  for (int round = 0; round < 300; ++round) {
    const auto any = [&] { return Duration(random() % (1ULL << (1 + random() % 40))); };
    MadeUp made(any(), any());
    made.run.recording.take({.kind = Event::Kind::started,
                             .at = any(),
                             .row = 1,
                             .task = std::string(random() % 30, 'T'),
                             .name = std::string(random() % 60, 'n')});
    for (auto count = random() % 40; count > 0; --count) {
      const auto kind = static_cast<Event::Kind>(3 + random() % 6);
      made.take({.kind = kind, .at = any(), .asleep = random() % 2 == 0});
    }
    made.run.expected = any();
    expect_to_fit(made.run, any(), {.color = false, .rows = 1 + random() % 3});
  }
}

}  // namespace
}  // namespace asyncdemo_test
