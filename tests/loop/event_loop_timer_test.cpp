// call_later() and call_at(), on both clocks.

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::Trace;
using test::virtual_clock;

TEST(EventLoop, FiresTimersOfOneDeadlineInArmingOrder) {
  EventLoop loop(virtual_clock());
  std::vector<int> order;
  for (int i = 0; i < 20; ++i) loop.call_at(TimePoint(1s), [&order, i] { order.push_back(i); });
  loop.call_at(TimePoint(1s), [&] { loop.stop(); });

  loop.run_forever();

  ASSERT_EQ(order.size(), 20U);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(EventLoop, RunsAZeroDelayAfterTheReadyCallbacksOfTheNextTurn) {
  EventLoop loop(virtual_clock());
  Trace trace;
  loop.call_soon([&] {
    loop.call_later(0s, [&] { trace.push_back("zero"); });
    loop.call_later(-5s, [&] { trace.push_back("negative"); });
    loop.call_soon([&] { trace.push_back("soon"); });
    loop.call_soon([&] { loop.stop(); });
  });

  loop.run_forever();

  // By due time: -5 s came before now.  B284
  EXPECT_EQ(trace, (Trace{"soon", "negative", "zero"}));
}

TEST(EventLoop, RunsCallbacksScheduledByATimerInTheNextTurn) {  // B285
  EventLoop loop(virtual_clock());
  Trace trace;
  loop.call_later(1s, [&] {
    trace.push_back("timer");
    loop.call_soon([&] { trace.push_back("next"); });
    loop.stop();
  });
  loop.call_later(1s, [&] { trace.push_back("same instant"); });

  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"timer", "same instant"}));
}

TEST(EventLoop, DoesNotWaitForACancelledTimer) {  // B289
  EventLoop loop(virtual_clock());
  TimerHandle early = loop.call_later(1s, [] {});
  loop.call_later(5s, [&] { loop.stop(); });
  early.cancel();

  loop.run_forever();

  EXPECT_EQ(loop.time(), TimePoint(5s));
}

TEST(EventLoop, SkipsATimerCancelledInTheTurnInWhichItIsDue) {
  EventLoop loop(virtual_clock());
  Trace trace;
  TimerHandle second;
  loop.call_later(1s, [&] {
    second.cancel();
    loop.stop();
  });
  second = loop.call_later(1s, [&] { trace.push_back("second"); });
  loop.call_later(1s, [&] { trace.push_back("third"); });

  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"third"}));
}

TEST(EventLoop, RunsATimerForNowInTheNextTurn) {
  EventLoop loop;
  Trace trace;
  loop.call_soon([&] {
    const TimePoint armed = loop.time();
    loop.call_later(1h, [] {});
    while (loop.time() == armed) {
    }
    loop.call_at(loop.time(), [&] { trace.push_back("timer"); });
    loop.call_soon([&] {
      loop.call_soon([&] {
        trace.emplace_back("the turn after it");
        loop.stop();
      });
    });
  });

  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"timer", "the turn after it"}));
}

TEST(EventLoop, AcceptsTheLongestDelaysWithoutOverflow) {
  EventLoop loop(virtual_clock());
  const TimerHandle forever = loop.call_later(std::chrono::hours::max(), [] {});
  const TimerHandle floating = loop.call_later(std::chrono::duration<double>(1e300), [] {});
  loop.call_later(1s, [&] { loop.stop(); });

  loop.run_forever();

  EXPECT_EQ(forever.when(), TimePoint::max());
  EXPECT_EQ(floating.when(), TimePoint::max());
  EXPECT_EQ(loop.time(), TimePoint(1s));
}

TEST(EventLoop, NeverFiresATimerEarlyOnTheRealClock) {  // B282
  EventLoop loop;
  std::vector<Duration> early;
  const TimePoint start = loop.time();
  for (int i = 1; i <= 20; ++i) {
    const Duration delay = i * 137us + 1ns;
    loop.call_later(delay, [&early, &loop, due = start + delay] {
      if (loop.time() < due) early.push_back(due - loop.time());
    });
  }
  loop.call_later(3ms, [&] { loop.stop(); });

  loop.run_forever();

  EXPECT_TRUE(early.empty());
}

TEST(EventLoop, DoesNotSpinWhileItWaitsForShortTimers) {  // B87
  EventLoop loop;
  int turns = 0;
  for (const Duration delay : {Duration(5ms), Duration(1ms), Duration(100us), Duration(1us)}) {
    loop.call_later(delay, [&turns] { ++turns; });
  }
  loop.call_later(10ms, [&] { loop.stop(); });

  loop.run_forever();

  EXPECT_EQ(turns, 4);
}

TEST(EventLoop, RunsATimerWithTheEarliestDeadlineAtOnce) {
  EventLoop loop;
  int ran = 0;
  loop.call_at(TimePoint::min(), [&] { ++ran; });
  loop.call_later(Duration::min(), [&] {
    ++ran;
    loop.stop();
  });

  loop.run_forever();

  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace asyncio
