#include "asyncio/sync/condition.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

#include "support/async_test.hpp"
#include "sync/condition_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::pass;
using test::throws;
using test::Trace;
using test::wait_once;

Coroutine<void> notify(Condition& condition, std::size_t count) {
  const auto guard = co_await condition.scoped();
  condition.notify(count);
}

ASYNC_TEST(Condition, ReleasesTheLockWhileItWaitsAndHoldsItAgainAfterwards) {  // B213
  Condition condition;
  const auto wake = [&]() -> Coroutine<void> {
    co_await condition.acquire();  // only possible while main waits
    condition.notify();
    co_await sleep(1s);
    condition.release();
  };
  co_await condition.acquire();
  const auto waker = create_task(wake());

  const bool woken = co_await condition.wait();

  EXPECT_TRUE(woken);
  EXPECT_TRUE(condition.locked());
  EXPECT_EQ(test::now_ms(), 1000);
  EXPECT_TRUE(waker.done());
}

ASYNC_TEST(Condition, RefusesToWaitOrNotifyWithoutTheLock) {  // B214
  Condition condition;

  const std::string waiting = co_await ending_of(condition.wait());

  EXPECT_EQ(waiting, "RuntimeError: cannot wait on un-acquired lock");
  EXPECT_EQ(throws([&] { condition.notify(); }), "RuntimeError: cannot notify on un-acquired lock");
  EXPECT_EQ(throws([&] { condition.notify_all(); }),
            "RuntimeError: cannot notify on un-acquired lock");
  EXPECT_FALSE(condition.locked());
}

ASYNC_TEST(Condition, WakesAtMostTheNotifiedCountOfTasksInOrder) {  // B215
  Condition condition;
  Trace trace;
  const auto a = create_task(wait_once(condition, trace, "a"));
  const auto b = create_task(wait_once(condition, trace, "b"));
  const auto c = create_task(wait_once(condition, trace, "c"));
  const auto d = create_task(wait_once(condition, trace, "d"));
  co_await pass(5);

  co_await notify(condition, 1);
  co_await pass(8);
  EXPECT_EQ(trace, Trace{"a"});

  co_await notify(condition, 2);
  co_await pass(8);
  EXPECT_EQ(trace, (Trace{"a", "b", "c"}));

  co_await notify(condition, 1024);
  co_await d;
  EXPECT_EQ(trace, (Trace{"a", "b", "c", "d"}));
}

ASYNC_TEST(Condition, ResumesANotifiedTaskOnlyWhenTheLockIsFree) {  // B215
  Condition condition;
  Trace trace;
  const auto waiting = create_task(wait_once(condition, trace, "waiting"));
  co_await pass(2);

  co_await condition.acquire();
  condition.notify();
  co_await pass(5);
  EXPECT_EQ(trace, Trace{});

  condition.release();
  co_await waiting;
  EXPECT_EQ(trace, Trace{"waiting"});
}

ASYNC_TEST(Condition, WakesTwoTasksForTwoNotificationsInOneTurn) {  // B215
  Condition condition;
  Trace trace;
  const auto a = create_task(wait_once(condition, trace, "a"));
  const auto b = create_task(wait_once(condition, trace, "b"));
  co_await pass(2);

  co_await condition.acquire();
  condition.notify();
  condition.notify();
  condition.release();
  co_await b;

  EXPECT_EQ(trace, (Trace{"a", "b"}));
}

ASYNC_TEST(Condition, WakesAllTasksInTheirOrder) {  // B216
  Condition condition;
  Trace trace;
  const auto a = create_task(wait_once(condition, trace, "a"));
  const auto b = create_task(wait_once(condition, trace, "b"));
  const auto c = create_task(wait_once(condition, trace, "c"));
  co_await pass(5);

  co_await condition.acquire();
  condition.notify_all();
  condition.release();
  co_await c;

  EXPECT_EQ(trace, (Trace{"a", "b", "c"}));
}

ASYNC_TEST(Condition, WaitsForAPredicateAndReturnsItsValue) {  // B217
  Condition condition;
  int calls = 0;
  int stock = 0;
  const auto consume = [&]() -> Coroutine<int> {
    const auto guard = co_await condition.scoped();
    co_return co_await condition.wait_for([&] {
      ++calls;
      return stock;
    });
  };
  const auto consumer = create_task(consume());
  co_await pass(2);
  EXPECT_EQ(calls, 1);

  co_await notify(condition, 1);
  co_await pass(5);
  EXPECT_EQ(calls, 2);
  EXPECT_FALSE(consumer.done());

  stock = 7;
  co_await notify(condition, 1);
  const int value = co_await consumer;

  EXPECT_EQ(value, 7);
  EXPECT_EQ(calls, 3);
}

ASYNC_TEST(Condition, NeedsNoLockForAPredicateThatHoldsAlready) {  // B218
  Condition condition;

  const bool value = co_await condition.wait_for([] { return true; });
  const std::string ending = co_await ending_of(condition.wait_for([] { return false; }));

  EXPECT_TRUE(value);
  EXPECT_EQ(ending, "RuntimeError: cannot wait on un-acquired lock");
}

ASYNC_TEST(Condition, ThrowsTheErrorOfAPredicate) {
  Condition condition;
  const auto fail = []() -> bool { throw std::runtime_error("predicate"); };

  const std::string ending = co_await ending_of(condition.wait_for(fail));

  EXPECT_EQ(ending, "std::runtime_error: predicate");
}

ASYNC_TEST(Condition, SharesTheStateOfAGivenLock) {  // B223
  Lock lock;
  Condition condition(lock);
  Condition other(lock);

  co_await lock.acquire();
  EXPECT_TRUE(condition.locked());
  EXPECT_TRUE(other.locked());
  condition.release();
  EXPECT_FALSE(lock.locked());

  const auto guard = co_await other.scoped();
  EXPECT_TRUE(lock.locked());
}

ASYNC_TEST(Condition, KeepsAGivenLockAlive) {
  auto lock = std::make_unique<Lock>();
  Condition condition(*lock);
  lock.reset();

  const auto guard = co_await condition.scoped();

  EXPECT_TRUE(condition.locked());
}

TEST(Condition, RefusesASecondLoopAsSoonAsATaskHasToWaitThere) {  // B206
  Condition condition;
  const auto wait_a_second = [&]() -> Coroutine<std::string> {
    const auto guard = co_await condition.scoped();
    co_return co_await ending_of(wait_for(condition.wait(), 1s));
  };

  const std::string first = test::run_virtual(wait_a_second());
  const std::string second = test::run_virtual(wait_a_second());

  EXPECT_EQ(first, test::kTimedOut);
  EXPECT_EQ(second, "RuntimeError: <Condition [locked]> is bound to a different event loop");
  EXPECT_FALSE(condition.locked());
}

ASYNC_TEST(Condition, ShowsItsStateAndHowManyTasksWait) {  // B207
  Condition condition;
  Trace trace;
  EXPECT_EQ(to_string(condition), "<Condition [unlocked]>");
  const auto a = create_task(wait_once(condition, trace, "a"));
  const auto b = create_task(wait_once(condition, trace, "b"));
  co_await pass(3);
  EXPECT_EQ(to_string(condition), "<Condition [unlocked, waiters:2]>");

  co_await condition.acquire();
  EXPECT_EQ(to_string(condition), "<Condition [locked, waiters:2]>");
  condition.notify_all();
  condition.release();
  co_await b;
  EXPECT_EQ(to_string(condition), "<Condition [unlocked]>");
}

}  // namespace
}  // namespace asyncio
