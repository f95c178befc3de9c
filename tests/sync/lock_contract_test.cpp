// The contract in its normal course: acquire and release, the order of waiters, the text form, and
// the loop. lock_contract_cancel_test.cpp has cancellation.

#include "sync/lock_contract.hpp"

#include <chrono>
#include <string>
#include <type_traits>

namespace asyncio::lock_contract {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::pass;
using test::Trace;
using test::TurnCount;

// B205: only the result of acquire() or scoped() can be awaited, and no loop is passed in.
template <class T>
constexpr bool kKeepsToItself = !test::Awaitable<T&> && !std::is_constructible_v<T, EventLoop&> &&
                                !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(kKeepsToItself<Lock> && kKeepsToItself<Condition>);
static_assert(kKeepsToItself<Semaphore> && kKeepsToItself<BoundedSemaphore>);

template <class T>
class LockContract : public testing::Test {};
TYPED_TEST_SUITE(LockContract, LockTypes);

ASYNC_TYPED_TEST(LockContract, IsFreeAtFirstThenLockedByAcquireAndFreedByRelease) {  // B198, B225
  TypeParam lock;
  const TurnCount turns;
  EXPECT_FALSE(lock.locked());

  const bool acquired = co_await lock.acquire();
  EXPECT_TRUE(acquired);
  EXPECT_TRUE(lock.locked());
  EXPECT_EQ(turns.now(), 0);

  lock.release();
  EXPECT_FALSE(lock.locked());
}

ASYNC_TYPED_TEST(LockContract, DoesNothingBeforeAcquireIsAwaited) {
  TypeParam lock;

  auto acquire = lock.acquire();
  EXPECT_FALSE(lock.locked());

  co_await acquire;
  EXPECT_TRUE(lock.locked());
}

ASYNC_TYPED_TEST(LockContract, AdmitsWaitersInTheirOrderOnePerRelease) {  // B199, B226
  TypeParam lock;
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

ASYNC_TYPED_TEST(LockContract, QueuesANewcomerBehindAWaiterThatHasBeenWoken) {  // B199, B227
  TypeParam lock;
  Trace trace;
  co_await lock.acquire();
  const auto first = create_task(take(lock, trace, "first"));
  co_await pass(1);

  lock.release();  // wakes the first one, which has not resumed yet
  const auto newcomer = create_task(take(lock, trace, "newcomer"), TaskOptions().eager_start(true));
  EXPECT_EQ(trace, Trace{});
  co_await first;
  EXPECT_EQ(trace, Trace{"first"});
  lock.release();
  co_await newcomer;

  EXPECT_EQ(trace, (Trace{"first", "newcomer"}));
}

ASYNC_TYPED_TEST(LockContract, ResumesAWaiterInTheTurnAfterARelease) {  // rules 3 and 4
  TypeParam lock;
  const TurnCount turns;
  co_await lock.acquire();
  const auto wait = [&]() -> Coroutine<int> {
    co_await lock.acquire();
    co_return turns.now();
  };
  const auto task = create_task(wait());
  co_await pass(3);

  lock.release();
  const int released = turns.now();
  const int resumed = co_await task;

  EXPECT_EQ(resumed, released + 1);
}

ASYNC_TYPED_TEST(LockContract, GoesRoundAmongTasksThatReleaseAndAcquireAgain) {  // B229
  TypeParam lock;
  Trace trace;
  const auto work = [&](std::string name) -> Coroutine<void> {
    for (const char* round : {" 1", " 2"}) {
      co_await lock.acquire();
      trace.push_back(name + round);
      co_await sleep(10ms);
      lock.release();
    }
  };
  const auto a = create_task(work("a"));
  const auto b = create_task(work("b"));
  const auto c = create_task(work("c"));

  co_await c;

  EXPECT_EQ(trace, (Trace{"a 1", "b 1", "c 1", "a 2", "b 2", "c 2"}));
}

ASYNC_TYPED_TEST(LockContract, QueuesATaskThatReleasesAndAcquiresAtOnceBehindTheOthers) {  // B229
  TypeParam lock;
  Trace trace;
  co_await lock.acquire();
  const auto greedy = [&]() -> Coroutine<void> {
    co_await take(lock, trace, "greedy");
    lock.release();
    co_await take(lock, trace, "greedy again");
  };
  const auto a = create_task(greedy());
  const auto b = create_task(take(lock, trace, "other"));
  co_await pass(1);

  lock.release();
  co_await b;
  EXPECT_EQ(trace, (Trace{"greedy", "other"}));

  lock.release();
  co_await a;
  EXPECT_EQ(trace.back(), "greedy again");
}

ASYNC_TYPED_TEST(LockContract, CanBeAcquiredWithinATimeLimitAndByATask) {
  TypeParam lock;
  co_await create_task(lock.acquire());
  EXPECT_TRUE(lock.locked());

  const std::string ending = co_await ending_of(wait_for(lock.acquire(), 3s));

  EXPECT_EQ(ending, test::kTimedOut);
  EXPECT_EQ(test::now_ms(), 3000);
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked"));
}

TYPED_TEST(LockContract, RefusesASecondLoopAsSoonAsATaskHasToWaitThere) {  // B206
  TypeParam lock;
  const auto wait_on_the_first = [&]() -> Coroutine<void> {
    co_await lock.acquire();
    (void)co_await ending_of(wait_for(lock.acquire(), 1s));
    lock.release();
  };
  const auto wait_on_the_second = [&]() -> Coroutine<std::string> {
    co_await lock.acquire();  // does not have to wait
    co_return co_await ending_of(lock.acquire());
  };

  test::run_virtual(wait_on_the_first());
  const std::string ending = test::run_virtual(wait_on_the_second());

  EXPECT_EQ(ending, "RuntimeError: " + text_of<TypeParam>("locked") +
                        " is bound to a different event loop");
}

ASYNC_TYPED_TEST(LockContract, ShowsHowManyTasksWaitForIt) {  // B207
  TypeParam lock;
  Trace trace;
  co_await lock.acquire();
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked"));

  const auto a = create_task(take(lock, trace, "a"));
  const auto b = create_task(take(lock, trace, "b"));
  co_await pass(1);
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked, waiters:2"));

  lock.release();
  co_await a;
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked, waiters:1"));
  lock.release();
  co_await b;
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked"));
}

}  // namespace
}  // namespace asyncio::lock_contract
