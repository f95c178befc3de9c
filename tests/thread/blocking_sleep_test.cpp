// blocking_sleep() on both clocks.

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "asyncio/thread/blocking_sleep.hpp"
#include "support/async_test.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using RealClock = std::chrono::steady_clock;
using test::ending_of;
using test::now_ms;
using test::run_real;
using test::run_virtual;

// --- On the system's clock ---

TEST(BlockingSleep, IsNeverShorterThanRequested) {
  for (const Duration span : {Duration(1ns), Duration(100us), Duration(3ms)}) {
    const auto start = RealClock::now();
    blocking_sleep(span);
    EXPECT_GE(RealClock::now() - start, span);
  }
}

TEST(BlockingSleep, ReturnsAtOnceForZero) {
  blocking_sleep(0s);
  blocking_sleep(-1s);
  blocking_sleep(Duration::min());
}

Coroutine<void> sleeps_in_real_time() {
  const auto start = RealClock::now();

  co_await to_thread([] { blocking_sleep(3ms); });

  EXPECT_GE(RealClock::now() - start, 3ms);
}

TEST(BlockingSleep, TakesRealTimeInAWorkerOfALoopOnTheSystemClock) {
  run_real(sleeps_in_real_time());
}

// --- On a virtual clock ---

TEST(BlockingSleep, TakesNoRealTimeOnAVirtualClock) {
  const auto start = RealClock::now();

  const auto sleep_long = []() -> Coroutine<void> {
    co_await to_thread([] { blocking_sleep(10s); });
    EXPECT_EQ(now_ms(), 10'000);
  };
  run_virtual(sleep_long());

  EXPECT_LT(RealClock::now() - start, 5s);
}

ASYNC_TEST(BlockingSleep, TakesExactlyItsTimeOnAVirtualClock) {
  const TimePoint start = get_running_loop().time();

  co_await to_thread([] {
    for (int i = 0; i < 1000; ++i) blocking_sleep(1ns);
  });

  EXPECT_EQ(get_running_loop().time() - start, 1000ns);
}

ASYNC_TEST(BlockingSleep, ReturnsAtOnceForZeroOnAVirtualClock) {
  co_await to_thread([] {
    blocking_sleep(0s);
    blocking_sleep(-1s);
  });

  EXPECT_EQ(now_ms(), 0);
}

ASYNC_TEST(BlockingSleep, CanLastAsLongAsTheClockOnAVirtualClock) {
  auto sleeping = to_thread([] { blocking_sleep(Duration::max()); });

  EXPECT_EQ(co_await ending_of(wait_for(std::move(sleeping), 1s)), test::kTimedOut);
}

}  // namespace
}  // namespace asyncio
