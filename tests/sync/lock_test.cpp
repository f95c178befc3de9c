#include "asyncio/sync/lock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <type_traits>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::Awaitable;
using test::ending_of;
using test::pass;
using test::throws;
using test::Trace;
using test::TurnCount;

// B205: a lock is not awaited, but what acquire() or scoped() returns; nor is it given a loop.
static_assert(!Awaitable<Lock&>);
static_assert(!std::is_constructible_v<Lock, EventLoop&>);
static_assert(!std::is_copy_constructible_v<Lock>);
static_assert(!std::is_copy_assignable_v<Lock>);

Coroutine<void> take(Lock& lock, Trace& trace, std::string name) {
  co_await lock.acquire();
  trace.push_back(std::move(name));
}

ASYNC_TEST(Lock, IsUnlockedAtFirstThenLockedByAcquireAndUnlockedByRelease) {  // B198
  Lock lock;
  const TurnCount turns;
  EXPECT_FALSE(lock.locked());

  const bool acquired = co_await lock.acquire();
  EXPECT_TRUE(acquired);
  EXPECT_TRUE(lock.locked());
  EXPECT_EQ(turns.now(), 0);

  lock.release();
  EXPECT_FALSE(lock.locked());
}

ASYNC_TEST(Lock, DoesNothingBeforeAcquireIsAwaited) {
  Lock lock;

  auto acquire = lock.acquire();
  EXPECT_FALSE(lock.locked());

  co_await acquire;
  EXPECT_TRUE(lock.locked());
}

ASYNC_TEST(Lock, GoesToThoseWhoWaitInTheirOrderOnePerRelease) {  // B199
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto a = create_task(take(lock, trace, "a"));
  const auto b = create_task(take(lock, trace, "b"));
  const auto c = create_task(take(lock, trace, "c"));
  co_await pass(2);
  EXPECT_EQ(trace, Trace{});

  lock.release();
  co_await pass(3);
  EXPECT_EQ(trace, Trace{"a"});
  EXPECT_TRUE(lock.locked());

  lock.release();
  co_await pass(3);
  EXPECT_EQ(trace, (Trace{"a", "b"}));

  lock.release();
  co_await c;
  EXPECT_EQ(trace, (Trace{"a", "b", "c"}));
}

ASYNC_TEST(Lock, LinesANewcomerUpBehindThoseWhoWaitEvenWhileItIsUnlocked) {  // B199
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto first = create_task(take(lock, trace, "first"));
  co_await pass(1);

  lock.release();  // the first one is woken, but has not locked it
  EXPECT_FALSE(lock.locked());
  const auto newcomer = create_task(take(lock, trace, "newcomer"), TaskOptions().eager_start(true));
  EXPECT_EQ(to_string(lock), "<Lock [unlocked, waiters:2]>");
  co_await first;
  lock.release();
  co_await newcomer;

  EXPECT_EQ(trace, (Trace{"first", "newcomer"}));
}

ASYNC_TEST(Lock, ResumesAWaiterInTheTurnAfterARelease) {  // rule 4
  Lock lock;
  const TurnCount turns;
  co_await lock.acquire();
  const auto wait = [&]() -> Coroutine<int> {
    co_await lock.acquire();
    co_return turns.now();
  };
  const auto task = create_task(wait());
  co_await pass(3);

  lock.release();
  EXPECT_FALSE(lock.locked());
  const int released = turns.now();
  const int resumed = co_await task;

  EXPECT_EQ(resumed, released + 1);
}

ASYNC_TEST(Lock, RefusesToBeReleasedWhenItIsNotLocked) {  // B200
  Lock lock;
  EXPECT_EQ(throws([&] { lock.release(); }), "RuntimeError: Lock is not acquired.");

  co_await lock.acquire();
  lock.release();

  EXPECT_EQ(throws([&] { lock.release(); }), "RuntimeError: Lock is not acquired.");
}

ASYNC_TEST(Lock, ForgetsAWaiterThatIsCancelled) {  // B202
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto waiting = create_task(take(lock, trace, "waiting"));
  co_await pass(1);
  EXPECT_EQ(to_string(lock), "<Lock [locked, waiters:1]>");

  waiting.cancel("enough");
  const std::string ending = co_await ending_of(waiting);

  EXPECT_EQ(ending, "CancelledError: enough");
  EXPECT_EQ(to_string(lock), "<Lock [locked]>");
  lock.release();
  co_await pass(2);
  EXPECT_EQ(trace, Trace{});
  EXPECT_FALSE(lock.locked());
}

ASYNC_TEST(Lock, StaysWithItsHolderWhenTheFirstOfThoseWhoWaitIsCancelled) {  // B202
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto first = create_task(take(lock, trace, "first"));
  const auto second = create_task(take(lock, trace, "second"));
  co_await pass(1);

  first.cancel();
  (void)co_await ending_of(first);
  co_await pass(3);
  EXPECT_EQ(trace, Trace{});

  lock.release();
  co_await second;
}

ASYNC_TEST(Lock, GoesToTheNextWhenTheFirstIsCancelledInTheTurnOfARelease) {  // B203
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto first = create_task(take(lock, trace, "first"));
  const auto next = create_task(take(lock, trace, "next"));
  co_await pass(1);

  first.cancel();  // passed over by the release; hands on when it sees the cancel
  lock.release();
  co_await next;

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(trace, Trace{"next"});
  EXPECT_TRUE(lock.locked());
}

ASYNC_TEST(Lock, GoesToTheNextWhenTheFirstIsCancelledAfterItWasWoken) {  // B203
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto first = create_task(take(lock, trace, "first"));
  const auto next = create_task(take(lock, trace, "next"));
  co_await pass(1);

  lock.release();
  first.cancel();
  co_await next;

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(trace, Trace{"next"});
}

ASYNC_TEST(Lock, GoesToExactlyOneWhenACallbackCancelsAWaiterAndReleases) {  // B204
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto a = create_task(take(lock, trace, "a"));
  const auto b = create_task(take(lock, trace, "b"));
  const auto c = create_task(take(lock, trace, "c"));
  co_await pass(1);

  get_running_loop().call_soon([&] {
    a.cancel();
    lock.release();
  });
  co_await pass(5);
  EXPECT_EQ(trace, Trace{"b"});
  EXPECT_EQ(to_string(lock), "<Lock [locked, waiters:1]>");

  lock.release();
  co_await c;
}

ASYNC_TEST(Lock, IsTakenAtOnceWhereAllWhoWaitAreCancelled) {  // rule 21
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto waiting = create_task(take(lock, trace, "waiting"));
  co_await pass(1);
  const TurnCount turns;

  waiting.cancel();
  lock.release();
  co_await lock.acquire();

  EXPECT_EQ(turns.now(), 0);
  EXPECT_FALSE(waiting.done());
  (void)co_await ending_of(waiting);
  EXPECT_TRUE(lock.locked());
}

ASYNC_TEST(Lock, IsNotLostToATaskThatIsCancelledBeforeItWaits) {
  Lock lock;
  const auto work = [&]() -> Coroutine<void> {
    current_task()->cancel();
    co_await lock.acquire();
  };
  co_await lock.acquire();

  const std::string ending = co_await ending_of(create_task(work()));

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(to_string(lock), "<Lock [locked]>");
}

ASYNC_TEST(Lock, CanBeWaitedForWithATimeLimitAndAsATask) {
  Lock lock;
  co_await create_task(lock.acquire());
  EXPECT_TRUE(lock.locked());

  const std::string ending = co_await ending_of(wait_for(lock.acquire(), 3s));

  EXPECT_EQ(ending, test::kTimedOut);
  EXPECT_EQ(test::now_ms(), 3000);
  EXPECT_EQ(to_string(lock), "<Lock [locked]>");
}

TEST(Lock, RefusesASecondLoopAsSoonAsThatHasToWait) {  // B206
  Lock lock;
  const auto wait_on_the_first = [&]() -> Coroutine<void> {
    co_await lock.acquire();
    (void)co_await ending_of(wait_for(lock.acquire(), 1s));
    lock.release();
  };
  const auto wait_on_the_second = [&]() -> Coroutine<std::string> {
    co_await lock.acquire();  // need not wait
    co_return co_await ending_of(lock.acquire());
  };

  test::run_virtual(wait_on_the_first());
  const std::string ending = test::run_virtual(wait_on_the_second());

  EXPECT_EQ(ending, "RuntimeError: <Lock [locked]> is bound to a different event loop");
}

ASYNC_TEST(Lock, ShowsItsStateAndHowManyWait) {  // B207
  Lock lock;
  Trace trace;
  EXPECT_EQ(to_string(lock), "<Lock [unlocked]>");

  co_await lock.acquire();
  EXPECT_EQ(to_string(lock), "<Lock [locked]>");

  const auto a = create_task(take(lock, trace, "a"));
  const auto b = create_task(take(lock, trace, "b"));
  co_await pass(1);
  EXPECT_EQ(to_string(lock), "<Lock [locked, waiters:2]>");

  lock.release();
  EXPECT_EQ(to_string(lock), "<Lock [unlocked, waiters:2]>");
  co_await a;
  lock.release();
  co_await b;
}

}  // namespace
}  // namespace asyncio
