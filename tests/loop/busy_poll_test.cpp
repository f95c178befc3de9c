#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

#include "asyncio/base/unique_fd.hpp"
#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"
#include "support/counting_poller.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::counting;
using test::PollerCalls;
using test::Trace;

constexpr Duration kForEver = Duration::max();

LoopOptions busy(Duration span) {
  LoopOptions options;
  options.busy_poll(span);
  return options;
}

/// A socket whose reader does `action` once, and one that makes it readable.
class Watched {
 public:
  template <class F>
  Watched(EventLoop& loop, F action) : loop_(loop) {
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    near_.reset(fds[0]);
    far_.reset(fds[1]);
    loop.add_reader(near_.get(), [this, action] {
      loop_.remove_reader(near_.get());
      action();
    });
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  ~Watched() { loop_.remove_reader(near_.get()); }

  void send() const { EXPECT_EQ(::write(far_.get(), "x", 1), 1); }

 private:
  EventLoop& loop_;
  UniqueFd near_;
  UniqueFd far_;
};

/// Posts from another thread, and returns when that is done.
template <class F>
void post_from_outside(const LoopHandle& loop, F function) {
  std::thread([&] { loop.call_soon_threadsafe(function); }).join();
}

TEST(BusyPoll, IsOffByDefault) {
  PollerCalls calls;
  EventLoop loop(counting(calls));
  const Watched watched(loop, [&] { loop.stop(); });
  calls.before_wait = [&] { watched.send(); };

  loop.run_forever();

  EXPECT_EQ(calls.waits(), 1);
  EXPECT_EQ(calls.sleeps(), 1);
}

TEST(BusyPoll, OfNoTimeIsNone) {
  for (const Duration span : {Duration::zero(), Duration::min()}) {
    PollerCalls calls;
    EventLoop loop(counting(calls, busy(span)));
    const Watched watched(loop, [&] { loop.stop(); });
    calls.before_wait = [&] { watched.send(); };

    loop.run_forever();

    EXPECT_EQ(calls.waits(), 1);
    EXPECT_EQ(calls.sleeps(), 1);
  }
}

TEST(BusyPoll, LooksAndThenSleeps) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(1ms)));
  const Watched watched(loop, [&] { loop.stop(); });
  calls.before_wait = [&] {
    if (calls.asks_to_sleep()) watched.send();
  };

  loop.run_forever();

  EXPECT_GE(calls.waits(), 2);
  EXPECT_EQ(calls.sleeps(), 1);
  EXPECT_EQ(calls.timeouts.back(), std::nullopt);
}

TEST(BusyPoll, SleepsOnlyForWhatIsLeft) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(1ms)));
  const Watched watched(loop, [&] { loop.stop(); });
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

TEST(BusyPoll, BeginsAnewAfterEachThingDone) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(1ms)));
  const Watched first(loop, [] {});
  const Watched second(loop, [&] { loop.stop(); });
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

TEST(BusyPoll, SeesADescriptorWithoutASleep) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  const Watched watched(loop, [&] { loop.stop(); });
  calls.before_wait = [&] {
    if (calls.waits() == 3) watched.send();
  };

  loop.run_forever();

  EXPECT_EQ(calls.waits(), 3);
  EXPECT_EQ(calls.sleeps(), 0);
}

TEST(BusyPoll, SeesAPostThatWakesNobody) {
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

TEST(BusyPoll, IsWokenByAPostWhenItSleeps) {
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
  const Watched watched(loop, [] { ADD_FAILURE(); });
  loop.add_signal_handler(SIGUSR1, [&] { loop.stop(); });
  calls.before_wait = [&] {
    if (calls.waits() == 3) ::raise(SIGUSR1);
  };

  loop.run_forever();

  EXPECT_EQ(calls.waits(), 3);
  EXPECT_EQ(calls.sleeps(), 0);
  loop.remove_signal_handler(SIGUSR1);
}

TEST(BusyPoll, LooksUntilATimerIsDue) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  const Watched watched(loop, [] { ADD_FAILURE(); });
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
  const Watched watched(loop, [&] { trace.push_back("reader"); });
  TimePoint due{};
  loop.call_soon([&] {  // a turn before: its reading of the clock is old when the looking ends
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

TEST(BusyPoll, EndsAfterOneTurnWhenStopped) {
  PollerCalls calls;
  EventLoop loop(counting(calls, busy(kForEver)));
  loop.stop();

  loop.run_forever();

  EXPECT_EQ(calls.waits(), 0);
}

TEST(BusyPoll, TellsAnObserverOnceThatItWaits) {
  struct Waits final : Observer {
    void about_to_wait(std::optional<TimePoint> /*when*/) noexcept override { ++count; }
    int count = 0;
  } waits;
  PollerCalls calls;
  LoopOptions options = busy(kForEver);
  options.observer(waits);
  EventLoop loop(counting(calls, std::move(options)));
  const Watched watched(loop, [&] { loop.stop(); });
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

TEST(BusyPoll, GoesWithStrict) {
  PollerCalls calls;
  LoopOptions options = busy(kForEver);
  options.strict(true);
  EventLoop loop(counting(calls, std::move(options)));
  const Watched watched(loop, [&] { loop.stop(); });
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
