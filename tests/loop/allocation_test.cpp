// Checks that a warmed-up library takes nothing from the system's heap.

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>

#include "asyncio/detail/base/frame_pool.hpp"
#include "support/allocation_count.hpp"
#include "support/async_test.hpp"

#if ASYNCIO_FRAME_POOL

namespace asyncio {
namespace {

using namespace std::chrono_literals;

constexpr int kTimes = 1000;

/// Runs the coroutine that `function` returns, and counts its allocations after two warm-up runs.
template <class F>
Coroutine<std::size_t> allocations_of(F function) {
  co_await function();
  co_await function();
  const std::size_t before = test::allocation_count();
  co_await function();
  co_return test::allocation_count() - before;
}

/// Counts the allocations of `step`, run kTimes.
template <class F>
Coroutine<std::size_t> allocations_of_each(F step) {
  const auto many = [step]() -> Coroutine<void> {
    for (int i = 0; i < kTimes; ++i) co_await step();
  };
  co_return co_await allocations_of(many);
}

ASYNC_TEST(Allocations, AreCounted) {
  const auto step = []() -> Coroutine<void> {
    int* const volatile number = new int(1);
    delete number;
    co_return;
  };

  EXPECT_EQ(co_await allocations_of_each(step), kTimes);
}

ASYNC_TEST(Allocations, AreNotMadeForACallback) {
  const auto step = []() -> Coroutine<void> {
    const auto called = test::new_future<void>();
    get_running_loop().call_soon([called] { called.set_result(); });
    co_await called;
  };

  EXPECT_EQ(co_await allocations_of_each(step), 0U);
}

ASYNC_TEST(Allocations, AreNotMadeForManyCallbacks) {
  const auto step = []() -> Coroutine<void> {
    for (int i = 0; i < kTimes; ++i) get_running_loop().call_soon([] {});
    co_await sleep(0s);
  };

  EXPECT_EQ(co_await allocations_of(step), 0U);
}

ASYNC_TEST(Allocations, AreNotMadeForAYield) {
  const auto step = []() -> Coroutine<void> { co_await sleep(0s); };

  EXPECT_EQ(co_await allocations_of_each(step), 0U);
}

ASYNC_TEST(Allocations, AreNotMadeForATask) {
  const auto step = []() -> Coroutine<void> { co_await create_task(test::pass(1)); };

  EXPECT_EQ(co_await allocations_of_each(step), 0U);
}

ASYNC_TEST(Allocations, AreNotMadeForATimer) {
  const auto step = []() -> Coroutine<void> {
    get_running_loop().call_later(1h, [] {}).cancel();
    co_await sleep(1ms);
  };

  EXPECT_EQ(co_await allocations_of_each(step), 0U);
}

ASYNC_TEST(Allocations, AreNotMadeForATimeout) {
  const auto step = []() -> Coroutine<void> { co_await wait_for(test::pass(1), 1h); };

  EXPECT_EQ(co_await allocations_of_each(step), 0U);
}

ASYNC_TEST(Allocations, AreNotMadeForACallbackAfterATimeout) {
  const auto step = []() -> Coroutine<void> {
    const auto called = test::new_future<void>();
    get_running_loop().call_soon([called] { called.set_result(); });
    co_await called;
  };

  (void)co_await test::ending_of(wait_for(test::for_ever(), 1ms));

  EXPECT_EQ(co_await allocations_of_each(step), 0U);
}

ASYNC_TEST(Allocations, AreNotMadeForAContendedLock) {
  Lock lock;
  const auto hold = [&lock]() -> Coroutine<void> {
    co_await lock.acquire();
    co_await sleep(0s);
    lock.release();
  };
  const auto step = [&hold]() -> Coroutine<void> {
    const Task<void> first = create_task(hold());
    const Task<void> second = create_task(hold());
    co_await first;
    co_await second;
  };

  EXPECT_EQ(co_await allocations_of_each(step), 0U);
}

ASYNC_TEST(Allocations, AreNotMadeForAnAwaitedEvent) {
  Event event;
  const auto set = [&event]() -> Coroutine<void> {
    event.set();
    co_return;
  };
  const auto step = [&]() -> Coroutine<void> {
    event.clear();
    const Task<void> setter = create_task(set());
    co_await event.wait();
    co_await setter;
  };

  EXPECT_EQ(co_await allocations_of_each(step), 0U);
}

}  // namespace
}  // namespace asyncio

#endif
