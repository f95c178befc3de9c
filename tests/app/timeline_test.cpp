#include "report/timeline.hpp"

#include <gtest/gtest.h>

#include "charts.hpp"
#include "recorded_run.hpp"

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;
using namespace std::chrono_literals;

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

TEST(Timeline, MarksAWakeOnlyIfTheRowGoesOnAsBefore) {
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

}  // namespace
}  // namespace asyncdemo_test
