#include "asyncio/combine/finally.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail;
using test::for_ever;
using test::nap;
using test::now_ms;
using test::pass;
using test::Trace;

ASYNC_TEST(Finally, AwaitsTheCleanupAfterTheBodyAndReturnsTheBodysResult) {
  Trace trace;

  const int value = co_await finally(
      [&]() -> Coroutine<int> {
        co_await sleep(1s);
        trace.push_back("body");
        co_return 3;
      },
      [&]() -> Coroutine<void> {
        co_await sleep(1s);
        trace.push_back("cleanup");
      });

  EXPECT_EQ(value, 3);
  EXPECT_EQ(trace, (Trace{"body", "cleanup"}));
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(Finally, CleansUpAfterAnErrorAndThrowsIt) {
  bool clean = false;

  const std::string ending = co_await ending_of(finally([] { return fail("body", 1s); },
                                                        [&]() -> Coroutine<void> {
                                                          co_await sleep(1s);
                                                          clean = true;
                                                        }));

  EXPECT_EQ(ending, "std::runtime_error: body");
  EXPECT_TRUE(clean);
}

ASYNC_TEST(Finally, CleansUpAfterABodyThatFailsBeforeItReturnsACoroutine) {
  bool clean = false;
  const auto body = []() -> Coroutine<void> { throw std::runtime_error("body"); };

  const std::string ending = co_await ending_of(finally(body, [&]() -> Coroutine<void> {
    clean = true;
    co_return;
  }));

  EXPECT_EQ(ending, "std::runtime_error: body");
  EXPECT_TRUE(clean);
}

ASYNC_TEST(Finally, ThrowsTheErrorOfTheCleanupInPlaceOfTheBodys) {
  const std::string ending = co_await ending_of(
      finally([] { return fail("body", 1s); }, [] { return fail("cleanup", 1s); }));

  EXPECT_EQ(ending, "std::runtime_error: cleanup");
}

ASYNC_TEST(Finally, CleansUpAfterACancelAndPassesItOn) {
  bool clean = false;
  const auto task = create_task(finally([] { return for_ever(); },
                                        [&]() -> Coroutine<void> {
                                          co_await sleep(1s);
                                          clean = true;
                                        }));
  co_await pass(2);

  task.cancel("why");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: why");
  EXPECT_TRUE(task.cancelled());
  EXPECT_TRUE(clean);
}

ASYNC_TEST(Finally, CancelsACleanupThatRuns) {
  bool clean = false;
  const auto task = create_task(finally([] { return nap(1s); },
                                        [&]() -> Coroutine<void> {
                                          co_await sleep(9s);
                                          clean = true;
                                        }));
  co_await sleep(2s);

  task.cancel();
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_FALSE(clean);
}

ASYNC_TEST(Finally, TakesAwaitablesInPlaceOfCallables) {
  const auto cleanup = create_task(nap(2s));

  co_await finally(nap(1s), cleanup);

  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(Finally, ReturnsReferencesAndMoveOnlyResults) {
  int target = 1;
  const auto nothing = []() -> Coroutine<void> { co_return; };

  int& same = co_await finally([&]() -> Coroutine<int&> { co_return target; }, nothing);
  const auto moved = co_await finally(
      []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(4); }, nothing);

  EXPECT_EQ(&same, &target);
  EXPECT_EQ(*moved, 4);
}

}  // namespace
}  // namespace asyncio
