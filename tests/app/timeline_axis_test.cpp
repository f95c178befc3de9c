// The axis of the chart.

#include <gtest/gtest.h>

#include "charts.hpp"

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;
using namespace std::chrono_literals;

TEST(Timeline, TakesFewerColumnsForAStepIfItIsNarrow) {
  EXPECT_EQ(chart_of("gather --tasks 1", {.width = 40}), R"(
gather      5.00 s = max(5)         one…
                       0 1 2 3 4 5s
task1          Task-2  ├━●━●━●━●━✓  5.00
awake          loop      1 1 1 1 1
)");
}

TEST(Timeline, IsScaledAndHasNoTicksIfACycleIsLessThanTwoColumns) {
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

TEST(Timeline, LeavesOutLabelsThatWouldTouch) {
  const std::string text = chart_of("single --interval 1h");

  EXPECT_NE(text.find("0   2000    6000    10000   14000   18000s\n"), std::string::npos) << text;
}

TEST(Timeline, IsOneColumnIfNoTimePasses) {
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

}  // namespace
}  // namespace asyncdemo_test
