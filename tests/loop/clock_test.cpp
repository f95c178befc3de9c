#include "asyncio/loop/clock.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;

TEST(ClockKind, HoldsVirtualTimeAtZeroAtFirst) {
  const EventLoop loop(test::virtual_clock());

  EXPECT_TRUE(loop.has_virtual_clock());
  EXPECT_EQ(loop.time(), TimePoint{});
  EXPECT_EQ(loop.time(), TimePoint{});
}

TEST(ClockKind, MovesVirtualTimeExactlyAsFarAsAdvanced) {
  EventLoop loop(test::virtual_clock());

  loop.advance(5s + 1ns);

  EXPECT_EQ(loop.time(), TimePoint(5s + 1ns));
}

TEST(ClockKind, UsesTheSteadyClockForRealTime) {
  const EventLoop loop;
  const auto before = std::chrono::steady_clock::now().time_since_epoch();

  const auto now = loop.time().time_since_epoch();

  EXPECT_FALSE(loop.has_virtual_clock());
  EXPECT_GE(now, before);
  EXPECT_LE(now, std::chrono::steady_clock::now().time_since_epoch());
}

ASYNC_TEST(ClockKind, MovesVirtualTimeToEachDeadlineInTurn) {
  std::vector<TimePoint> seen;
  EventLoop& loop = get_running_loop();
  for (const Duration delay : {Duration(3h), Duration(1ns), Duration(2s)}) {
    loop.call_later(delay, [&seen, &loop] { seen.push_back(loop.time()); });
  }

  co_await sleep(24h);

  const std::vector<TimePoint> expected{TimePoint(1ns), TimePoint(2s), TimePoint(3h)};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(loop.time(), TimePoint(24h));
}

}  // namespace
}  // namespace asyncio
