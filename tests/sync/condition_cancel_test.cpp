// Waits on a condition that are cancelled.

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "asyncio/sync/condition.hpp"
#include "support/async_test.hpp"
#include "sync/condition_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::pass;
using test::Trace;
using test::wait_once;

ASYNC_TEST(Condition, ThrowsACancelOnlyAfterItHasReacquiredTheLock) {  // B219
  Condition condition;
  Trace trace;
  const auto waiting = create_task(wait_once(condition, trace, "waiting"));
  co_await pass(2);
  co_await condition.acquire();

  waiting.cancel();
  co_await pass(5);
  EXPECT_FALSE(waiting.done());

  condition.release();
  const std::string ending = co_await ending_of(waiting);
  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(trace, Trace{});
  EXPECT_EQ(to_string(condition), "<Condition [unlocked]>");
}

ASYNC_TEST(Condition, ThrowsACancelThatComesWhileItReacquiresTheLockWithTheLockHeld) {  // B220
  Condition condition;
  bool locked_at_cancel = false;
  const auto wait = [&]() -> Coroutine<void> {
    co_await condition.acquire();
    try {
      co_await condition.wait();
    } catch (const CancelledError&) {
      locked_at_cancel = condition.locked();
      condition.release();
      throw;
    }
  };
  const auto waiting = create_task(wait());
  co_await pass(1);
  co_await condition.acquire();
  condition.notify();
  co_await pass(2);  // it waits for the lock

  waiting.cancel();
  co_await pass(2);
  EXPECT_FALSE(waiting.done());
  condition.release();
  const std::string ending = co_await ending_of(waiting);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_TRUE(locked_at_cancel);
  EXPECT_FALSE(condition.locked());
}

ASYNC_TEST(Condition, KeepsTheMessageOfTheCancelThatEndedTheWait) {  // B221
  Condition condition;
  Trace trace;
  const auto waiting = create_task(wait_once(condition, trace, "waiting"));
  co_await pass(2);
  co_await condition.acquire();

  waiting.cancel("before the wake-up");
  condition.notify();
  condition.release();
  const std::string ending = co_await ending_of(waiting);

  EXPECT_EQ(ending, "CancelledError: before the wake-up");
}

ASYNC_TEST(Condition, KeepsTheMessageOfTheLastCancelWhileItReacquiresTheLock) {  // B221
  Condition condition;
  Trace trace;
  const auto waiting = create_task(wait_once(condition, trace, "waiting"));
  co_await pass(2);
  co_await condition.acquire();
  condition.notify();
  co_await pass(2);

  waiting.cancel("first");
  co_await pass(2);
  waiting.cancel("last");
  co_await pass(2);
  condition.release();
  const std::string ending = co_await ending_of(waiting);

  EXPECT_EQ(ending, "CancelledError: last");
}

ASYNC_TEST(Condition, PassesANotificationOnWhenItsReceiverIsCancelledBeforeItResumes) {  // B222
  Condition condition;
  Trace trace;
  const auto first = create_task(wait_once(condition, trace, "first"));
  const auto second = create_task(wait_once(condition, trace, "second"));
  co_await pass(3);

  co_await condition.acquire();
  condition.notify();
  first.cancel();
  condition.release();
  co_await second;

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(trace, Trace{"second"});
}

ASYNC_TEST(Condition, PassesANotificationOnWhenItsReceiverIsCancelledBeforeItHasTheLock) {  // B222
  Condition condition;
  Trace trace;
  const auto first = create_task(wait_once(condition, trace, "first"));
  const auto second = create_task(wait_once(condition, trace, "second"));
  co_await pass(3);
  co_await condition.acquire();
  condition.notify();
  co_await pass(2);

  first.cancel();
  co_await pass(2);
  condition.release();
  co_await second;

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(trace, Trace{"second"});
}

ASYNC_TEST(Condition, TimesOutInsideItsBlockWithTheLockHeld) {  // B224
  Condition condition;
  const auto guard = co_await condition.scoped();

  const std::string ending = co_await ending_of(wait_for(condition.wait(), 2s));

  EXPECT_EQ(ending, test::kTimedOut);
  EXPECT_TRUE(condition.locked());
  EXPECT_EQ(test::now_ms(), 2000);
}

}  // namespace
}  // namespace asyncio
