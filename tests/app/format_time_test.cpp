#include "values/format_time.hpp"

#include <gtest/gtest.h>

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

TEST(FormatTime, WritesAsManyDecimalsAsAreAskedFor) {
  EXPECT_EQ(format_time(5s + 4ms, 1s, {3, 3}), "5.004");
  EXPECT_EQ(format_time(5s + 4ms, 1ms, {2, 2}), "5004.00");
  EXPECT_EQ(format_time(1'234'567ns, 1us, {3, 3}), "1234.567");
  EXPECT_EQ(format_time(7ns, 1ns, {0, 0}), "7");
  EXPECT_EQ(format_time(1ns, 1s, {9, 9}), "0.000000001");
}

TEST(FormatTime, DropsZerosAtTheEndDownToTheLeastDecimals) {
  EXPECT_EQ(format_time(310us, 1ms, {1, 6}), "0.31");
  EXPECT_EQ(format_time(5s, 1s, {1, 9}), "5.0");
  EXPECT_EQ(format_time(5s, 1s, {0, 9}), "5");
  EXPECT_EQ(format_time(20ms, 1s, {0, 9}), "0.02");
  EXPECT_EQ(format_time(100ms, 1s, {2, 4}), "0.10");
}

TEST(FormatTime, RoundsHalvesUp) {
  EXPECT_EQ(format_time(4'999'999ns, 1s, {2, 2}), "0.00");
  EXPECT_EQ(format_time(5ms, 1s, {2, 2}), "0.01");
  EXPECT_EQ(format_time(4500ns, 1ms, {3, 3}), "0.005");
  EXPECT_EQ(format_time(999'950us, 1s, {2, 4}), "1.00");
  EXPECT_EQ(format_time(500ms, 1s, {0, 0}), "1");
}

TEST(FormatTime, HoldsEveryDuration) {
  EXPECT_EQ(format_time(0ns, 1s, {3, 3}), "0.000");
  EXPECT_EQ(format_time(Duration::max(), 1s, {3, 3}), "9223372036.855");
  EXPECT_EQ(format_time(Duration::max(), 1s, {9, 9}), "9223372036.854775807");
  EXPECT_EQ(format_time(Duration::max(), 1ns, {0, 0}), "9223372036854775807");
}

}  // namespace
}  // namespace asyncdemo
