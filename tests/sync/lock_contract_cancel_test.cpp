// The contract when waiters are cancelled: before a release, in its turn, and after their wake-up.

#include <chrono>
#include <string>

#include "sync/lock_contract.hpp"

namespace asyncio::lock_contract {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::pass;
using test::Trace;
using test::TurnCount;

template <class T>
class LockCancelContract : public testing::Test {};
TYPED_TEST_SUITE(LockCancelContract, LockTypes);

ASYNC_TYPED_TEST(LockCancelContract, ForgetsAWaiterThatIsCancelled) {  // B202, B230
  TypeParam lock;
  Trace trace;
  co_await lock.acquire();
  const auto waiting = create_task(take(lock, trace, "waiting"));
  co_await pass(1);
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked, waiters:1"));

  waiting.cancel("enough");
  const std::string ending = co_await ending_of(waiting);

  EXPECT_EQ(ending, "CancelledError: enough");
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked"));
  lock.release();
  EXPECT_FALSE(lock.locked());
  co_await pass(2);
  EXPECT_EQ(trace, Trace{});
  EXPECT_FALSE(lock.locked());
}

ASYNC_TYPED_TEST(LockCancelContract, StaysWithItsHolderWhenTheFirstWaiterIsCancelled) {  // B202
  TypeParam lock;
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

ASYNC_TYPED_TEST(LockCancelContract, SkipsWaitersThatAreCancelledInTheTurnOfARelease) {
  // B203, B230, B232
  TypeParam lock;
  Trace trace;
  co_await lock.acquire();
  const auto a = create_task(take(lock, trace, "a"));
  const auto b = create_task(take(lock, trace, "b"));
  const auto c = create_task(take(lock, trace, "c"));
  co_await pass(1);

  a.cancel();  // the release passes over both; a cancelled waiter hands on when it resumes
  b.cancel();
  lock.release();
  co_await c;

  EXPECT_EQ(trace, Trace{"c"});
  EXPECT_TRUE(a.cancelled());
  EXPECT_TRUE(b.cancelled());
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked"));
}

ASYNC_TYPED_TEST(LockCancelContract, IsFreeAgainWhenItsOnlyWaiterIsCancelledInTheTurnOfARelease) {
  // B232
  TypeParam lock;
  Trace trace;
  co_await lock.acquire();
  const auto first = create_task(take(lock, trace, "first"));
  co_await pass(1);

  first.cancel();
  lock.release();
  (void)co_await ending_of(first);
  const std::string ending = co_await ending_of(wait_for(lock.acquire(), 1s));

  EXPECT_EQ(ending, "ok");
  EXPECT_EQ(trace, Trace{});
}

ASYNC_TYPED_TEST(LockCancelContract, GoesToTheNextWhenAWokenWaiterIsCancelled) {  // B203, B233
  TypeParam lock;
  Trace trace;
  co_await lock.acquire();
  const auto first = create_task(take(lock, trace, "first"));
  const auto next = create_task(take(lock, trace, "next"));
  co_await pass(1);

  lock.release();
  first.cancel();
  co_await next;
  lock.release();
  const std::string ending = co_await ending_of(wait_for(lock.acquire(), 1s));

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(trace, Trace{"next"});
  EXPECT_EQ(ending, "ok");
}

ASYNC_TYPED_TEST(LockCancelContract, GoesToExactlyOneWhenACallbackCancelsAWaiterAndReleases) {
  // B204
  TypeParam lock;
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
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked, waiters:1"));

  lock.release();
  co_await c;
}

ASYNC_TYPED_TEST(LockCancelContract, IsAcquiredAtOnceWhenAllWaitersAreCancelled) {  // rule 21
  TypeParam lock;
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

ASYNC_TYPED_TEST(LockCancelContract, IsNotLostToATaskThatIsCancelledBeforeItWaits) {
  TypeParam lock;
  const auto work = [&]() -> Coroutine<void> {
    current_task()->cancel();
    co_await lock.acquire();
  };
  co_await lock.acquire();

  const std::string ending = co_await ending_of(create_task(work()));

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(to_string(lock), text_of<TypeParam>("locked"));
}

}  // namespace
}  // namespace asyncio::lock_contract
