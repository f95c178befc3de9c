#include "report/ticks.hpp"

#include <gtest/gtest.h>

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

TEST(TickStep, GoesThroughOneTwoFiveTen) {
  Duration step = 1ns;

  for (const Duration expected : {1ns, 2ns, 5ns, 10ns, 20ns, 50ns, 100ns}) {
    EXPECT_EQ(step, expected);
    step = next_step(step);
  }
}

TEST(TickStep, IsTheLongestUpToALimitIfThatFits) {
  const auto step = [](Duration limit) {
    return choose_step(limit, [](Duration) { return true; });
  };

  EXPECT_EQ(step(0ns), 1ns);
  EXPECT_EQ(step(1s), 1s);
  EXPECT_EQ(step(30ms), 20ms);
  EXPECT_EQ(step(49ms), 20ms);
}

TEST(TickStep, IsTheShortestThatFits) {
  const auto step = [](Duration limit, Duration span) {
    return choose_step(limit, [&](Duration s) { return s >= limit && has_few_steps(span, s); });
  };

  EXPECT_EQ(step(1s, 12s), 1s);
  EXPECT_EQ(step(1s, 12s + 1ns), 2s);
  EXPECT_EQ(step(30ms, 60ms), 50ms);
  EXPECT_EQ(step(0ns, 0ns), 1ns);
  EXPECT_EQ(step(0ns, Duration::max()), 1'000'000'000s);
}

TEST(TimeUnit, IsTheLongestThatTheSpanFills) {
  EXPECT_EQ(unit_for(1s).name, "s");
  EXPECT_EQ(unit_for(999ms).name, "ms");
  EXPECT_EQ(unit_for(1us).name, "us");
  EXPECT_EQ(unit_for(1us).symbol, "µs");
  EXPECT_EQ(unit_for(1ns).name, "ns");
  EXPECT_EQ(unit_for(0ns).name, "s");
}

TEST(TickLabel, HasTheDecimalsThatItNeeds) {
  EXPECT_EQ(tick_label(0s, unit_for(1s)), "0");
  EXPECT_EQ(tick_label(1500ms, unit_for(1s)), "1.5");
  EXPECT_EQ(tick_label(20ms, unit_for(100ms)), "20");
}

}  // namespace
}  // namespace asyncdemo
