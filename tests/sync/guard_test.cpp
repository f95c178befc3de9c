#include "asyncio/sync/guard.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "support/async_test.hpp"
#include "sync/lock_contract.hpp"

namespace asyncio::lock_contract {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::pass;
using test::throws;
using test::Trace;

static_assert(!std::is_copy_constructible_v<Lock::Guard>);
static_assert(std::is_nothrow_move_constructible_v<Lock::Guard>);
static_assert(std::is_nothrow_move_assignable_v<Lock::Guard>);
static_assert(std::is_same_v<Lock::Guard, Condition::Guard>);

template <class T>
class GuardContract : public testing::Test {};
TYPED_TEST_SUITE(GuardContract, LockTypes);

ASYNC_TYPED_TEST(GuardContract, HoldsALockForExactlyItsBlock) {  // B201, B223
  TypeParam lock;
  {
    auto acquiring = lock.scoped();
    EXPECT_FALSE(lock.locked());
    const auto guard = co_await acquiring;
    EXPECT_TRUE(lock.locked());
    co_await pass(2);
    EXPECT_TRUE(lock.locked());
  }
  EXPECT_FALSE(lock.locked());
}

ASYNC_TYPED_TEST(GuardContract, ReleasesWhenItsBlockThrows) {  // B201
  TypeParam lock;
  const auto work = [&]() -> Coroutine<void> {
    const auto guard = co_await lock.scoped();
    throw std::runtime_error("in the block");
  };

  const std::string ending = co_await ending_of(work());

  EXPECT_EQ(ending, "std::runtime_error: in the block");
  EXPECT_FALSE(lock.locked());
}

ASYNC_TYPED_TEST(GuardContract, ReleasesWhenItsTaskIsCancelled) {  // B201
  TypeParam lock;
  const auto work = [&]() -> Coroutine<void> {
    const auto guard = co_await lock.scoped();
    co_await test::for_ever();
  };
  const auto task = create_task(work());
  co_await pass(1);
  EXPECT_TRUE(lock.locked());

  task.cancel();
  (void)co_await ending_of(task);

  EXPECT_FALSE(lock.locked());
}

ASYNC_TYPED_TEST(GuardContract, AdmitsOneTaskAfterAnother) {  // B199, B201
  TypeParam lock;
  Trace trace;
  const auto work = [&](std::string name) -> Coroutine<void> {
    const auto guard = co_await lock.scoped();
    trace.push_back(name + " in");
    co_await sleep(1s);
    trace.push_back(name + " out");
  };
  const auto a = create_task(work("a"));
  const auto b = create_task(work("b"));

  co_await b;

  EXPECT_EQ(trace, (Trace{"a in", "a out", "b in", "b out"}));
  EXPECT_EQ(test::now_ms(), 2000);
}

ASYNC_TYPED_TEST(GuardContract, CanReleaseBeforeTheEndOfItsScope) {
  TypeParam lock;
  auto guard = co_await lock.scoped();
  EXPECT_TRUE(guard.holds());

  guard.release();

  EXPECT_FALSE(guard.holds());
  EXPECT_FALSE(lock.locked());
  EXPECT_EQ(throws([&] { guard.release(); }), "RuntimeError: the guard has released already");
}

ASYNC_TYPED_TEST(GuardContract, CanBeMovedAndReleasesItsLockWhenAnotherGuardIsAssigned) {
  TypeParam first;
  TypeParam second;
  auto outer = co_await first.scoped();
  {
    auto inner = co_await second.scoped();
    outer = std::move(inner);
    EXPECT_FALSE(first.locked());
  }
  EXPECT_TRUE(second.locked());

  const auto moved = std::move(outer);

  EXPECT_TRUE(moved.holds());
  EXPECT_TRUE(second.locked());
}

ASYNC_TYPED_TEST(GuardContract, MayOutliveItsLock) {
  auto lock = std::make_unique<TypeParam>();
  {
    const auto guard = co_await lock->scoped();
    lock.reset();
    EXPECT_TRUE(guard.holds());
  }
}

ASYNC_TEST(Guard, ThrowsTheErrorOfAFailedRelease) {
  BoundedSemaphore semaphore(1);
  auto guard = co_await semaphore.scoped();
  semaphore.release();

  const std::string ending = throws([&] { guard.release(); });

  EXPECT_EQ(ending, "ValueError: BoundedSemaphore released too many times");
}

ASYNC_TEST(Guard, ReportsAFailedReleaseAtTheEndOfItsScope) {
  const test::Reports reports(get_running_loop());
  Lock lock;
  {
    const auto guard = co_await lock.scoped();
    lock.release();
  }
  EXPECT_EQ(reports.texts(),
            Trace{"A guard found nothing to release: RuntimeError: Lock is not acquired."});
}

}  // namespace
}  // namespace asyncio::lock_contract
