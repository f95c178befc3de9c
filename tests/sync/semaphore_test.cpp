#include "asyncio/sync/semaphore.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "support/async_test.hpp"
#include "sync/lock_contract.hpp"

// The tests here are about the number of permits. lock_contract_test.cpp has those that other locks
// share.

namespace asyncio {
namespace {

using lock_contract::take;
using test::pass;
using test::throws;
using test::Trace;
using test::TurnCount;

static_assert(std::is_base_of_v<Semaphore, BoundedSemaphore>);

ASYNC_TEST(Semaphore, HasOnePermitByDefault) {  // B225
  Semaphore one;
  const Semaphore none(0);
  EXPECT_FALSE(one.locked());
  EXPECT_TRUE(none.locked());

  co_await one.acquire();

  EXPECT_TRUE(one.locked());
}

TEST(Semaphore, RefusesANegativeNumberOfPermits) {  // B225
  EXPECT_EQ(throws([] { const Semaphore semaphore(-1); }),
            "ValueError: Semaphore initial value must be >= 0");
  EXPECT_EQ(throws([] { const BoundedSemaphore semaphore(-1); }),
            "ValueError: Semaphore initial value must be >= 0");
}

ASYNC_TEST(Semaphore, AdmitsAsManyAsItHasPermitsThenOnePerRelease) {  // B226
  Semaphore semaphore(2);
  Trace trace;
  std::vector<Task<void>> tasks;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    tasks.push_back(create_task(take(semaphore, trace, name)));
  }
  co_await pass(3);
  EXPECT_EQ(trace, (Trace{"a", "b"}));

  semaphore.release();
  semaphore.release();
  co_await pass(3);
  EXPECT_EQ(trace, (Trace{"a", "b", "c", "d"}));
  EXPECT_TRUE(semaphore.locked());

  semaphore.release();
  co_await tasks.back();
  EXPECT_EQ(trace.back(), "e");
}

ASYNC_TEST(Semaphore, FreesAPermitWhenNoTaskWaits) {  // B226
  Semaphore semaphore(1);
  co_await semaphore.acquire();
  const TurnCount turns;

  semaphore.release();
  EXPECT_FALSE(semaphore.locked());
  semaphore.release();  // a second permit, which only a BoundedSemaphore would refuse
  co_await semaphore.acquire();
  co_await semaphore.acquire();

  EXPECT_TRUE(semaphore.locked());
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Semaphore, IsLockedForANewcomerWhileOthersWait) {  // B227
  Semaphore semaphore(0);
  Trace trace;
  const auto waiting = create_task(take(semaphore, trace, "waiting"));
  co_await pass(1);

  semaphore.release();
  semaphore.release();  // one permit is free, but the waiter has not resumed yet
  EXPECT_TRUE(semaphore.locked());
  const auto newcomer =
      create_task(take(semaphore, trace, "newcomer"), TaskOptions().eager_start(true));
  EXPECT_EQ(trace, Trace{});
  co_await newcomer;

  EXPECT_EQ(trace, (Trace{"waiting", "newcomer"}));
}

ASYNC_TEST(BoundedSemaphore, RefusesAReleaseAboveItsInitialValue) {  // B228
  BoundedSemaphore semaphore(2);
  EXPECT_EQ(throws([&] { semaphore.release(); }),
            "ValueError: BoundedSemaphore released too many times");
  co_await semaphore.acquire();

  semaphore.release();

  EXPECT_EQ(throws([&] { semaphore.release(); }),
            "ValueError: BoundedSemaphore released too many times");
}

ASYNC_TEST(Semaphore, GrantsFreePermitsWhenAWaiterResumes) {  // B231
  Semaphore semaphore(0);
  Trace trace;
  std::optional<Task<void>> fourth;
  const auto note_only = [&]() -> Coroutine<void> {
    trace.push_back("fourth");
    co_return;
  };
  const auto first = [&]() -> Coroutine<void> {
    co_await take(semaphore, trace, "first");
    fourth = create_task(note_only());
  };
  const auto second = [&]() -> Coroutine<void> {
    semaphore.release();
    semaphore.release();
    semaphore.release();
    EXPECT_TRUE(semaphore.locked());  // the first one is ahead
    co_await take(semaphore, trace, "second");
  };
  const auto a = create_task(first());
  const auto b = create_task(second());
  const auto c = create_task(take(semaphore, trace, "third"));

  co_await a;
  co_await *fourth;

  EXPECT_EQ(trace, (Trace{"first", "second", "third", "fourth"}));
}

ASYNC_TEST(Semaphore, ShowsItsFreePermitsOrHowManyTasksWait) {  // B207
  Semaphore semaphore(2);
  BoundedSemaphore bounded(0);
  Trace trace;
  EXPECT_EQ(to_string(semaphore), "<Semaphore [unlocked, value:2]>");
  EXPECT_EQ(to_string(bounded), "<BoundedSemaphore [locked]>");
  co_await semaphore.acquire();
  EXPECT_EQ(to_string(semaphore), "<Semaphore [unlocked, value:1]>");
  co_await semaphore.acquire();
  const auto a = create_task(take(semaphore, trace, "a"));
  const auto b = create_task(take(semaphore, trace, "b"));
  co_await pass(1);
  EXPECT_EQ(to_string(semaphore), "<Semaphore [locked, waiters:2]>");

  semaphore.release();
  EXPECT_EQ(to_string(semaphore), "<Semaphore [locked, waiters:2]>");
  co_await a;
  EXPECT_EQ(to_string(semaphore), "<Semaphore [locked, waiters:1]>");
  semaphore.release();
  co_await b;
}

}  // namespace
}  // namespace asyncio
