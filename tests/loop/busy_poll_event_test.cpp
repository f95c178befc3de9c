// The events that end busy polling: descriptors, posts, signals and timers.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

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
using test::Trace;

/// Posts `function` from another thread and returns when it is posted.
template <class F>
void post_from_outside(const LoopHandle& loop, F function) {
  std::thread([&] { loop.call_soon_threadsafe(function); }).join();
}

TEST(BusyPoll, SeesADescriptorWithoutSleeping) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  const WatchedSocket watched(loop, [&] { loop.stop(); });
  calls.before_wait = [&] {
    if (calls.waits() == 3) watched.send();
  };

  loop.run_forever();

  EXPECT_EQ(calls.waits(), 3);
  EXPECT_EQ(calls.sleeps(), 0);
}

TEST(BusyPoll, SeesAPostWithoutAWakeUp) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  const LoopHandle handle = loop.handle();
  bool posted = false;
  std::thread other([&] {
    handle.call_soon_threadsafe([&] {
      posted = true;
      loop.stop();
    });
  });

  loop.run_forever();

  other.join();
  EXPECT_TRUE(posted);
  EXPECT_EQ(calls.waits(), 0);  // there is no descriptor to look at
  EXPECT_EQ(calls.wakes, 0);
}

TEST(BusyPoll, IsWokenByAPostOnceAsleep) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(1ns)));
  const LoopHandle handle = loop.handle();
  calls.before_wait = [&] { post_from_outside(handle, [&] { loop.stop(); }); };

  loop.run_forever();

  EXPECT_EQ(calls.sleeps(), 1);
  EXPECT_EQ(calls.wakes, 1);
}

TEST(BusyPoll, SeesASignal) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  const WatchedSocket watched(loop, [] { ADD_FAILURE(); });
  loop.add_signal_handler(SIGUSR1, [&] { loop.stop(); });
  calls.before_wait = [&] {
    if (calls.waits() == 3) ::raise(SIGUSR1);
  };

  loop.run_forever();

  EXPECT_EQ(calls.waits(), 3);
  EXPECT_EQ(calls.sleeps(), 0);
  loop.remove_signal_handler(SIGUSR1);
}

TEST(BusyPoll, PollsUntilATimerIsDue) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  const WatchedSocket watched(loop, [] { ADD_FAILURE(); });
  const TimePoint due = loop.time() + 2ms;
  TimePoint called{};
  loop.call_at(due, [&] {
    called = loop.time();
    loop.stop();
  });

  loop.run_forever();

  EXPECT_GE(called, due);
  EXPECT_GE(calls.waits(), 1);
  EXPECT_EQ(calls.sleeps(), 0);
}

TEST(BusyPoll, KeepsTheOrderOfATurn) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  const LoopHandle handle = loop.handle();
  Trace trace;
  const WatchedSocket watched(loop, [&] { trace.push_back("reader"); });
  TimePoint due{};
  loop.call_soon([&] {  // one turn earlier, so that its clock reading is old when polling ends
    due = loop.call_later(1ms,
                          [&] {
                            trace.push_back("timer");
                            loop.stop();
                          })
              .when();
  });
  calls.before_wait = [&] {
    if (calls.waits() != 2) return;
    watched.send();
    while (loop.time() < due) {
    }
    post_from_outside(handle, [&] {
      trace.push_back("post");
      loop.call_soon([&] { trace.push_back("next turn"); });
    });
  };

  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"post", "reader", "timer"}));
  EXPECT_EQ(calls.sleeps(), 0);
}

}  // namespace
}  // namespace asyncio
