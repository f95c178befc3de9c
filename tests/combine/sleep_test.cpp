#include "asyncio/combine/sleep.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::now_ms;
using test::pass;
using test::Trace;

ASYNC_TEST(Sleep, ResumesExactlyAfterItsDelay) {  // B84
  co_await sleep(1500ms);
  EXPECT_EQ(now_ms(), 1500);

  co_await sleep(std::chrono::duration<double>(0.5));
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(Sleep, ReturnsItsResult) {  // B84
  const std::string text = co_await sleep(1s, std::string("text"));
  const auto pointer = co_await sleep(1s, std::make_unique<int>(3));

  EXPECT_EQ(text, "text");
  EXPECT_EQ(*pointer, 3);
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(Sleep, LetsReadyTasksRunOnceForZero) {  // B85
  Trace trace;
  const auto work = [&](std::string name) -> Coroutine<void> {
    trace.push_back(name + " 1");
    co_await sleep(0s);
    trace.push_back(name + " 2");
  };
  const auto a = create_task(work("a"));
  get_running_loop().call_soon([&] { trace.push_back("callback"); });

  co_await sleep(-1s);
  trace.push_back("main");
  co_await a;

  EXPECT_EQ(trace, (Trace{"a 1", "callback", "main", "a 2"}));
  EXPECT_EQ(now_ms(), 0);
}

ASYNC_TEST(Sleep, RefusesNotANumber) {  // B86
  const std::chrono::duration<double> nan(std::numeric_limits<double>::quiet_NaN());

  EXPECT_EQ(test::throws([&] { (void)sleep(nan); }),
            "ValueError: Invalid delay: NaN (not a number)");
  co_return;
}

ASYNC_TEST(Sleep, ResumesOneTurnAfterItsTimer) {  // SEMANTICS 4
  Trace trace;
  const auto sleeper = [&]() -> Coroutine<void> {
    co_await sleep(1s);
    trace.push_back("sleeper");
  };
  const auto task = create_task(sleeper());
  co_await pass(1);
  get_running_loop().call_at(TimePoint(1s), [&] {
    trace.push_back("timer");
    get_running_loop().call_soon([&] { trace.push_back("next"); });
  });

  co_await task;

  EXPECT_EQ(trace, (Trace{"timer", "sleeper", "next"}));
}

ASYNC_TEST(Sleep, StartsAtTheAwaitAndNotBefore) {
  const auto nap = sleep(1s);
  co_await sleep(5s);

  co_await nap;

  EXPECT_EQ(now_ms(), 6000);
}

ASYNC_TEST(Sleep, WakesTasksWithEqualDeadlinesInTheOrderOfTheirAwaits) {
  std::vector<int> order;
  const auto sleeper = [&](int number, Duration first) -> Coroutine<void> {
    co_await sleep(first);
    co_await sleep(10s - first);
    order.push_back(number);
  };
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 5; ++i) tasks.push_back(create_task(sleeper(i, (5 - i) * 1s)));

  for (const auto& task : tasks) co_await task;

  EXPECT_EQ(order, (std::vector<int>{4, 3, 2, 1, 0}));
  EXPECT_EQ(now_ms(), 10'000);
}

ASYNC_TEST(Sleep, EndsAtOnceWhenItIsCancelled) {  // B65, B67
  const auto sleeper = []() -> Coroutine<void> { co_await sleep(1h); };
  const auto task = create_task(sleeper());
  co_await sleep(1s);

  task.cancel();
  const std::string ending = co_await ending_of(task);
  EXPECT_EQ(ending, "CancelledError");

  co_await sleep(1s);
  EXPECT_EQ(now_ms(), 2000);  // the clock does not jump to the end of the hour
}

ASYNC_TEST(Sleep, CanBeCancelledForZero) {  // B65
  const auto sleeper = []() -> Coroutine<void> {
    for (;;) co_await sleep(0s);
  };
  const auto task = create_task(sleeper());
  co_await pass(3);

  task.cancel("stop");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: stop");
}

ASYNC_TEST(Sleep, LeavesTheReadyQueueWhenItsFrameEndsFirst) {
  test::LiveCount count;
  {
    EventLoop& loop = get_running_loop();
    // The timer is due in the turn in which the cancel reaches the task.
    const auto sleeper = [](test::Live /*live*/) -> Coroutine<void> { co_await sleep(1s); };
    const auto task = create_task(sleeper(count.make()));
    co_await pass(1);
    loop.call_at(TimePoint(1s) - 1ns, [&] {
      loop.call_at(TimePoint(1s), [] {});
      task.cancel();
    });
    (void)co_await ending_of(task);
  }
  co_await sleep(2s);

  EXPECT_EQ(count.alive(), 0);
}

TEST(Sleep, IsNeverShorterOnTheRealClock) {
  const auto work = []() -> Coroutine<Duration> {
    const TimePoint start = get_running_loop().time();
    for (int i = 0; i < 5; ++i) co_await sleep(300us);
    co_return get_running_loop().time() - start;
  };

  EXPECT_GE(run(work()), 5 * 300us);
}

}  // namespace
}  // namespace asyncio
