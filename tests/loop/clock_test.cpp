#include "asyncio/loop/clock.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;

TEST(LoopTime, BeginsAtZeroWhenVirtualAndStandsStill) {
  const detail::LoopTime clock(ClockKind::virtual_time);

  EXPECT_TRUE(clock.is_virtual());
  EXPECT_EQ(clock.now(), TimePoint{});
  EXPECT_EQ(clock.now(), TimePoint{});
}

TEST(LoopTime, JumpsExactlyWhereItIsTold) {
  detail::LoopTime clock(ClockKind::virtual_time);

  clock.jump_to(TimePoint(5s + 1ns));

  EXPECT_EQ(clock.now(), TimePoint(5s + 1ns));
}

TEST(LoopTime, IsTheSteadyClockWhenReal) {
  const detail::LoopTime clock(ClockKind::real);
  const auto before = std::chrono::steady_clock::now().time_since_epoch();

  const auto now = clock.now().time_since_epoch();

  EXPECT_FALSE(clock.is_virtual());
  EXPECT_GE(now, before);
  EXPECT_LE(now, std::chrono::steady_clock::now().time_since_epoch());
}

ASYNC_TEST(LoopTime, JumpsToEachDeadlineInTurn) {
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
