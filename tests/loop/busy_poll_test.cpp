// LoopOptions::busy_poll(): when a loop polls, and when it sleeps.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "asyncio/loop/event_loop.hpp"
#include "loop/busy_poll_support.hpp"
#include "support/async_test.hpp"
#include "support/counting_poller.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using busy_poll::busy;
using busy_poll::kForEver;
using busy_poll::WatchedSocket;
using test::counting;
using test::PollerCalls;

TEST(BusyPoll, IsOffByDefault) {
  PollerCalls calls;
  EventLoop loop(counting(calls));
  const WatchedSocket watched(loop, [&] { loop.stop(); });
  calls.before_wait = [&] { watched.send(); };

  loop.run_forever();

  EXPECT_EQ(calls.waits(), 1);
  EXPECT_EQ(calls.sleeps(), 1);
}

TEST(BusyPoll, IsOffForZero) {
  for (const Duration span : {Duration::zero(), Duration::min()}) {
    PollerCalls calls;
    EventLoop loop(counting(calls, busy(span)));
    const WatchedSocket watched(loop, [&] { loop.stop(); });
    calls.before_wait = [&] { watched.send(); };

    loop.run_forever();

    EXPECT_EQ(calls.waits(), 1);
    EXPECT_EQ(calls.sleeps(), 1);
  }
}

TEST(BusyPoll, PollsAndThenSleeps) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(1ms)));
  const WatchedSocket watched(loop, [&] { loop.stop(); });
  calls.before_wait = [&] {
    if (calls.asks_to_sleep()) watched.send();
  };

  loop.run_forever();

  EXPECT_GE(calls.waits(), 2);
  EXPECT_EQ(calls.sleeps(), 1);
  EXPECT_EQ(calls.timeouts.back(), std::nullopt);
}

TEST(BusyPoll, SleepsOnlyForTheRemainingTime) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(1ms)));
  const WatchedSocket watched(loop, [&] { loop.stop(); });
  loop.call_later(1h, [] { ADD_FAILURE(); });
  calls.before_wait = [&] {
    if (calls.asks_to_sleep()) watched.send();
  };

  loop.run_forever();

  EXPECT_EQ(calls.sleeps(), 1);
  ASSERT_TRUE(calls.timeouts.back());
  EXPECT_LE(*calls.timeouts.back(), 1h - 1ms);
  EXPECT_GT(*calls.timeouts.back(), 0s);
}

TEST(BusyPoll, StartsAgainAfterEachCallback) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(1ms)));
  const WatchedSocket first(loop, [] {});
  const WatchedSocket second(loop, [&] { loop.stop(); });
  std::vector<int> waits_before_sleep;
  calls.before_wait = [&] {
    if (!calls.asks_to_sleep()) return;
    waits_before_sleep.push_back(calls.waits());
    (waits_before_sleep.size() == 1 ? first : second).send();
  };

  loop.run_forever();

  ASSERT_EQ(waits_before_sleep.size(), 2U);
  EXPECT_GE(waits_before_sleep[0], 2);
  EXPECT_GE(waits_before_sleep[1], waits_before_sleep[0] + 2);
}

TEST(BusyPoll, EndsAfterOneTurnWhenStopped) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  loop.stop();

  loop.run_forever();

  EXPECT_EQ(calls.waits(), 0);
}

TEST(BusyPoll, TellsAnObserverOnceThatTheLoopWaits) {
  struct Waits final : Observer {
    void about_to_wait(std::optional<TimePoint> /*when*/) noexcept override { ++count; }
    int count = 0;
  } waits;
  PollerCalls calls;
  LoopOptions options = busy(kForEver);
  options.observer(waits);
  EventLoop loop(counting(calls, std::move(options)));
  const WatchedSocket watched(loop, [&] { loop.stop(); });
  calls.before_wait = [&] {
    if (calls.waits() == 5) watched.send();
  };

  loop.run_forever();

  EXPECT_EQ(waits.count, 1);
}

TEST(BusyPoll, DoesNothingOnAVirtualClock) {
  PollerCalls calls;
  LoopOptions options = busy(kForEver);
  options.clock(ClockKind::virtual_time);
  EventLoop loop(counting(calls, std::move(options)));

  loop.run_until_complete(test::nap(1h));

  EXPECT_EQ(loop.time(), TimePoint() + 1h);
  EXPECT_EQ(calls.waits(), 1);
}

TEST(BusyPoll, WorksInStrictMode) {
  PollerCalls calls;
  LoopOptions options = busy(kForEver);
  options.strict(true);
  EventLoop loop(counting(calls, std::move(options)));
  const WatchedSocket watched(loop, [&] { loop.stop(); });
  loop.run_until_complete(test::pass(10));
  EXPECT_GE(calls.waits(), 10);
  const int before = calls.waits();
  calls.before_wait = [&] {
    if (calls.waits() == before + 3) watched.send();
  };

  loop.run_forever();

  EXPECT_EQ(calls.waits(), before + 3);
  EXPECT_EQ(calls.sleeps(), 0);
}

}  // namespace
}  // namespace asyncio
