#include "asyncio/task/generator.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"
#include "task/generator_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using generators::count_slowly;
using test::Live;
using test::LiveCount;
using test::now_ms;
using test::Trace;

using Numbers = std::vector<int>;

AsyncGenerator<int> count_to(int end) {
  for (int i = 1; i <= end; ++i) co_yield i;
}
Coroutine<Numbers> all_of(AsyncGenerator<int> generator) {
  Numbers numbers;
  while (const auto next = co_await generator.next()) numbers.push_back(*next);
  co_return numbers;
}

static_assert(!std::is_copy_constructible_v<AsyncGenerator<int>>);

ASYNC_TEST(AsyncGenerator, YieldsItsValuesInOrderAndThenNothing) {
  auto generator = count_to(2);

  const auto first = co_await generator.next();
  const auto second = co_await generator.next();
  const auto end = co_await generator.next();
  const auto again = co_await generator.next();

  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
  EXPECT_FALSE(end.has_value());
  EXPECT_FALSE(again.has_value());
}

ASYNC_TEST(AsyncGenerator, AwaitsBetweenItsValues) {
  const Numbers numbers = co_await all_of(count_slowly(3));

  EXPECT_EQ(numbers, (Numbers{1, 2, 3}));
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(AsyncGenerator, RunsOnlyInsideNextAndInTheTaskThatAwaitsIt) {
  Trace trace;
  const auto name = []() { return current_task()->get_name(); };
  const auto names = [&]() -> AsyncGenerator<int> {
    trace.push_back(name());
    co_yield 1;
    co_await sleep(1s);
    trace.push_back(name());
    co_yield 2;
  };
  auto generator = names();
  EXPECT_TRUE(trace.empty());

  (void)co_await generator.next();
  const auto other = create_task(generator.next());
  (void)co_await other;

  EXPECT_EQ(trace, (Trace{name(), other.get_name()}));
}

ASYNC_TEST(AsyncGenerator, TakesNoTurnOfItsOwn) {
  const test::TurnCount turns;

  const Numbers numbers = co_await all_of(count_to(100));

  EXPECT_EQ(numbers.size(), 100U);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(AsyncGenerator, YieldsReferences) {
  std::vector<int> values(3, 0);
  const auto each = [&]() -> AsyncGenerator<int&> {
    for (int& value : values) co_yield value;
  };

  auto generator = each();
  int next_value = 1;
  while (const auto next = co_await generator.next()) next->get() = next_value++;

  EXPECT_EQ(values, (Numbers{1, 2, 3}));
}

ASYNC_TEST(AsyncGenerator, YieldsMoveOnlyValues) {
  const auto pointers = []() -> AsyncGenerator<std::unique_ptr<int>> {
    co_yield std::make_unique<int>(1);
    auto second = std::make_unique<int>(2);
    co_yield std::move(second);
  };

  auto generator = pointers();
  const auto first = co_await generator.next();
  const auto second = co_await generator.next();

  EXPECT_EQ(**first, 1);
  EXPECT_EQ(**second, 2);
}

ASYNC_TEST(AsyncGenerator, CopiesAYieldedVariable) {
  const auto growing = []() -> AsyncGenerator<std::string> {
    std::string text;
    while (text.size() < 3) {
      text += "a";
      co_yield text;
    }
  };

  auto generator = growing();
  const auto first = co_await generator.next();
  const auto second = co_await generator.next();

  EXPECT_EQ(first, "a");
  EXPECT_EQ(second, "aa");
}

ASYNC_TEST(AsyncGenerator, DestroysItsParametersAtItsEnd) {
  LiveCount count;
  const auto hold = [](Live) -> AsyncGenerator<int> { co_yield 1; };
  auto live = count.make();
  auto generator = hold(std::move(live));
  EXPECT_EQ(count.alive(), 2);

  (void)co_await generator.next();
  EXPECT_EQ(count.alive(), 2);
  (void)co_await generator.next();

  EXPECT_EQ(count.alive(), 1);
}

ASYNC_TEST(AsyncGenerator, AwaitsOtherGenerators) {
  const auto twice = []() -> AsyncGenerator<int> {
    for (int round = 0; round < 2; ++round) {
      auto inner = count_slowly(2);
      while (const auto next = co_await inner.next()) co_yield *next * 10;
    }
  };

  const Numbers numbers = co_await all_of(twice());

  EXPECT_EQ(numbers, (Numbers{10, 20, 10, 20}));
}

ASYNC_TEST(AsyncGenerator, ContinuesInAnotherTaskWhereTheFirstLeftOff) {
  auto generator = count_slowly(4);
  const auto take_two = [&]() -> Coroutine<int> {
    const auto first = co_await generator.next();
    const auto second = co_await generator.next();
    co_return *first * 10 + *second;
  };

  const int a = co_await create_task(take_two());
  const int b = co_await create_task(take_two());

  EXPECT_EQ(a, 12);
  EXPECT_EQ(b, 34);
}

ASYNC_TEST(AsyncGenerator, HasEndedOnceMovedFrom) {
  auto generator = count_to(2);
  auto moved = std::move(generator);

  const auto nothing = co_await generator.next();  // NOLINT(bugprone-use-after-move)
  co_await generator.aclose();
  const auto value = co_await moved.next();

  EXPECT_FALSE(nothing.has_value());
  EXPECT_EQ(value, 1);
}

ASYNC_TEST(AsyncGenerator, NeedsConstantStackForAMillionValues) {
  const auto endless = []() -> AsyncGenerator<int> {
    for (int i = 1;; ++i) co_yield i;
  };
  auto generator = endless();

  int last = 0;
  while (last < 1'000'000) last = (co_await generator.next()).value();

  EXPECT_EQ(last, 1'000'000);
}

ASYNC_TEST(AsyncGenerator, NeedsConstantStackThroughGeneratorsThatYieldToTheLoop) {
  const auto through = [](AsyncGenerator<int> inner) -> AsyncGenerator<int> {
    while (const auto next = co_await inner.next()) {
      if (*next % 3 == 0) co_await sleep(0s);
      co_yield *next;
    }
  };
  auto generator = through(through(count_to(100'000)));

  int values = 0;
  while (co_await generator.next()) ++values;

  EXPECT_EQ(values, 100'000);
}

}  // namespace
}  // namespace asyncio
