#include "asyncio/sync/semaphore.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
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

// B205
static_assert(!Awaitable<Semaphore&>);
static_assert(!std::is_constructible_v<Semaphore, EventLoop&>);
static_assert(!std::is_copy_constructible_v<Semaphore>);
static_assert(std::is_base_of_v<Semaphore, BoundedSemaphore>);

Coroutine<void> take(Semaphore& semaphore, Trace& trace, std::string name) {
  co_await semaphore.acquire();
  trace.push_back(std::move(name));
}

ASYNC_TEST(Semaphore, BeginsWithOnePermitUnlessToldOtherwise) {  // B225
  Semaphore one;
  Semaphore none(0);
  EXPECT_FALSE(one.locked());
  EXPECT_TRUE(none.locked());

  const bool acquired = co_await one.acquire();

  EXPECT_TRUE(acquired);
  EXPECT_TRUE(one.locked());
}

TEST(Semaphore, RefusesANegativeNumberOfPermits) {  // B225
  EXPECT_EQ(throws([] { const Semaphore semaphore(-1); }),
            "ValueError: Semaphore initial value must be >= 0");
  EXPECT_EQ(throws([] { const BoundedSemaphore semaphore(-1); }),
            "ValueError: Semaphore initial value must be >= 0");
}

ASYNC_TEST(Semaphore, LetsAsManyInAsItHasPermitsAndWakesOnePerRelease) {  // B226
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

ASYNC_TEST(Semaphore, FreesAPermitWhenNobodyWaits) {  // B226
  Semaphore semaphore(1);
  co_await semaphore.acquire();
  const TurnCount turns;

  semaphore.release();
  EXPECT_FALSE(semaphore.locked());
  semaphore.release();  // a third permit, which an unbounded one does not mind
  co_await semaphore.acquire();
  co_await semaphore.acquire();

  EXPECT_TRUE(semaphore.locked());
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Semaphore, ResumesAWaiterInTheTurnAfterARelease) {  // rule 3
  Semaphore semaphore(0);
  Trace trace;
  const auto task = create_task(take(semaphore, trace, "waiting"));
  co_await pass(1);

  semaphore.release();
  EXPECT_EQ(trace, Trace{});
  co_await pass(1);

  EXPECT_EQ(trace, Trace{"waiting"});
}

ASYNC_TEST(Semaphore, IsLockedWhileOthersStandBeforeANewcomer) {  // B227
  Semaphore semaphore(0);
  Trace trace;
  const auto waiting = create_task(take(semaphore, trace, "waiting"));
  co_await pass(1);

  semaphore.release();
  semaphore.release();  // one of them is free, but the one who waits has not gone on
  EXPECT_TRUE(semaphore.locked());
  const auto newcomer =
      create_task(take(semaphore, trace, "newcomer"), TaskOptions().eager_start(true));
  EXPECT_EQ(trace, Trace{});
  co_await newcomer;

  EXPECT_EQ(trace, (Trace{"waiting", "newcomer"}));
}

ASYNC_TEST(BoundedSemaphore, RefusesAReleaseAboveItsStartingNumber) {  // B228
  BoundedSemaphore semaphore(2);
  EXPECT_EQ(throws([&] { semaphore.release(); }),
            "ValueError: BoundedSemaphore released too many times");
  co_await semaphore.acquire();

  semaphore.release();

  EXPECT_EQ(throws([&] { semaphore.release(); }),
            "ValueError: BoundedSemaphore released too many times");
}

ASYNC_TEST(Semaphore, GoesRoundAmongTasksThatReleaseAndAskAgain) {  // B229
  Semaphore semaphore(1);
  Trace trace;
  const auto work = [&](std::string name) -> Coroutine<void> {
    for (const char* round : {" 1", " 2"}) {
      co_await semaphore.acquire();
      trace.push_back(name + round);
      co_await sleep(10ms);
      semaphore.release();
    }
  };
  const auto a = create_task(work("a"));
  const auto b = create_task(work("b"));
  const auto c = create_task(work("c"));

  co_await c;

  EXPECT_EQ(trace, (Trace{"a 1", "b 1", "c 1", "a 2", "b 2", "c 2"}));
}

ASYNC_TEST(Semaphore, PutsOneThatReleasesAndAsksAtOnceBehindTheOthers) {  // B229
  Semaphore semaphore(1);
  Trace trace;
  co_await semaphore.acquire();
  const auto greedy = [&]() -> Coroutine<void> {
    co_await take(semaphore, trace, "greedy");
    semaphore.release();
    co_await take(semaphore, trace, "greedy again");
  };
  const auto a = create_task(greedy());
  const auto b = create_task(take(semaphore, trace, "other"));
  co_await pass(1);

  semaphore.release();
  co_await b;
  EXPECT_EQ(trace, (Trace{"greedy", "other"}));

  semaphore.release();
  co_await a;
  EXPECT_EQ(trace.back(), "greedy again");
}

ASYNC_TEST(Semaphore, PassesCancelledWaitersOver) {  // B230
  Semaphore semaphore(0);
  Trace trace;
  const auto a = create_task(take(semaphore, trace, "a"));
  const auto b = create_task(take(semaphore, trace, "b"));
  const auto c = create_task(take(semaphore, trace, "c"));
  co_await pass(1);

  a.cancel();
  b.cancel();
  semaphore.release();
  co_await c;

  EXPECT_EQ(trace, Trace{"c"});
  EXPECT_TRUE(a.cancelled());
  EXPECT_TRUE(b.cancelled());
  EXPECT_EQ(to_string(semaphore), "<Semaphore [locked]>");
}

ASYNC_TEST(Semaphore, ForgetsAWaiterThatIsCancelled) {  // B230
  Semaphore semaphore(0);
  Trace trace;
  const auto waiting = create_task(take(semaphore, trace, "waiting"));
  co_await pass(1);
  EXPECT_EQ(to_string(semaphore), "<Semaphore [locked, waiters:1]>");

  waiting.cancel();
  const std::string ending = co_await ending_of(waiting);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(to_string(semaphore), "<Semaphore [locked]>");
  semaphore.release();
  EXPECT_FALSE(semaphore.locked());
}

ASYNC_TEST(Semaphore, GrantsWhatIsFreeWhenAWaiterGoesOn) {  // B231
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
    EXPECT_TRUE(semaphore.locked());  // the first one stands before this one
    co_await take(semaphore, trace, "second");
  };
  const auto a = create_task(first());
  const auto b = create_task(second());
  const auto c = create_task(take(semaphore, trace, "third"));

  co_await a;
  co_await *fourth;

  EXPECT_EQ(trace, (Trace{"first", "second", "third", "fourth"}));
}

ASYNC_TEST(Semaphore, ReachesTheNextWhenAWaiterIsCancelledInTheTurnOfARelease) {  // B232
  Semaphore semaphore(1);
  Trace trace;
  co_await semaphore.acquire();
  const auto first = create_task(take(semaphore, trace, "first"));
  co_await pass(1);

  first.cancel();
  semaphore.release();
  (void)co_await ending_of(first);
  const std::string ending = co_await ending_of(wait_for(semaphore.acquire(), 1s));

  EXPECT_EQ(ending, "ok");
  EXPECT_EQ(trace, Trace{});
}

ASYNC_TEST(Semaphore, GetsItsPermitBackFromAWaiterThatIsCancelledAfterTheGrant) {  // B233
  Semaphore semaphore(1);
  Trace trace;
  co_await semaphore.acquire();
  const auto first = create_task(take(semaphore, trace, "first"));
  const auto second = create_task(take(semaphore, trace, "second"));
  co_await pass(1);

  semaphore.release();
  first.cancel();
  co_await second;
  semaphore.release();
  const std::string ending = co_await ending_of(wait_for(semaphore.acquire(), 1s));

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(trace, Trace{"second"});
  EXPECT_EQ(ending, "ok");
}

TEST(Semaphore, RefusesASecondLoopAsSoonAsThatHasToWait) {  // B206
  Semaphore semaphore(0);
  const auto wait_a_second = [&]() -> Coroutine<std::string> {
    co_return co_await ending_of(wait_for(semaphore.acquire(), 1s));
  };

  const std::string first = test::run_virtual(wait_a_second());
  const std::string second = test::run_virtual(wait_a_second());

  EXPECT_EQ(first, test::kTimedOut);
  EXPECT_EQ(second, "RuntimeError: <Semaphore [locked]> is bound to a different event loop");
}

ASYNC_TEST(Semaphore, ShowsItsStateAndHowManyWait) {  // B207
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
