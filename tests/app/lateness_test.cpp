#include "run/lateness.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "run/recording.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

TEST(Lateness, IsZeroWithoutTimers) {
  const Lateness none;

  EXPECT_EQ(none.count(), 0U);
  EXPECT_EQ(none.mean(), 0ns);
  EXPECT_EQ(none.percentile(99), 0ns);
  EXPECT_EQ(none.max(), 0ns);
}

TEST(Lateness, HasMeanAndMaximumExactly) {
  Lateness lateness;
  for (const Duration late : {1ns, 2ns, 6ns}) lateness.add(late);

  EXPECT_EQ(lateness.count(), 3U);
  EXPECT_EQ(lateness.mean(), 3ns);
  EXPECT_EQ(lateness.max(), 6ns);
}

TEST(Lateness, HasPercentilesToOnePercent) {
  Lateness lateness;
  for (int us = 1; us <= 1000; ++us) lateness.add(std::chrono::microseconds(us));

  for (const int percent : {1, 50, 90, 99}) {
    const Duration exact = std::chrono::microseconds(percent * 10);
    EXPECT_GE(lateness.percentile(percent), exact);
    EXPECT_LE(lateness.percentile(percent), exact + exact / 100 + 1ns);
  }
  EXPECT_EQ(lateness.percentile(100), 1000us);
}

TEST(Lateness, TakesAnyDuration) {
  Lateness lateness;
  lateness.add(0ns);
  lateness.add(Duration::max());

  EXPECT_EQ(lateness.percentile(50), 0ns);
  EXPECT_EQ(lateness.percentile(99), Duration::max());
}

TEST(WakeCounts, CountsTheWakesOfOneMomentTogether) {
  WakeCounts counts;
  for (const Duration at : {1s, 1s, 2s}) counts.add(at);

  ASSERT_EQ(counts.moments().size(), 2U);
  EXPECT_EQ(counts.moments()[0].count, 2U);
  EXPECT_EQ(counts.moments()[1].at, 2s);
}

TEST(WakeCounts, CountsEveryWakeInBoundedMemory) {
  WakeCounts counts;
  constexpr std::uint64_t kWakes = 100'000;
  for (std::uint64_t i = 0; i < kWakes; ++i) counts.add(std::chrono::microseconds(i));

  EXPECT_LE(counts.moments().size(), 4096U);
  std::uint64_t sum = 0;
  for (const WakeCounts::Moment& moment : counts.moments()) sum += moment.count;
  EXPECT_EQ(sum, kWakes);
}

}  // namespace
}  // namespace asyncdemo
