// Errors, cancels and timeouts that end the step of a generator.

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "asyncio/task/generator.hpp"
#include "support/async_test.hpp"
#include "task/generator_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using generators::count_slowly;
using test::ending_of;
using test::for_ever;
using test::pass;
using test::Trace;

ASYNC_TEST(AsyncGenerator, PropagatesItsErrorThroughNextAndThenEnds) {
  const auto failing = []() -> AsyncGenerator<int> {
    co_yield 1;
    co_await sleep(1s);
    throw std::runtime_error("oops");
  };

  auto generator = failing();
  (void)co_await generator.next();
  const std::string ending = co_await ending_of(generator.next());
  const auto end = co_await generator.next();

  EXPECT_EQ(ending, "std::runtime_error: oops");
  EXPECT_FALSE(end.has_value());
}

ASYNC_TEST(AsyncGenerator, SeesACancelOfTheAwaitingTaskAtItsInnermostAwait) {
  Trace trace;
  const auto inner = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      trace.push_back("innermost");
      throw;
    }
  };
  const auto waiting = [&]() -> AsyncGenerator<int> {
    try {
      co_await inner();
    } catch (const CancelledError&) {
      trace.push_back("generator");
      throw;
    }
    co_yield 1;
  };
  auto generator = waiting();
  const auto task = create_task(generator.next());
  co_await pass(1);

  task.cancel("why");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: why");
  EXPECT_EQ(trace, (Trace{"innermost", "generator"}));
}

ASYNC_TEST(AsyncGenerator, CanSwallowACancelAndYieldAValue) {
  const auto stubborn = []() -> AsyncGenerator<int> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_yield 7;
  };
  auto generator = stubborn();
  const auto task = create_task(generator.next());
  co_await pass(1);

  task.cancel();
  const auto value = co_await task;

  EXPECT_EQ(value, 7);
  (void)co_await generator.next();
}

ASYNC_TEST(AsyncGenerator, EndsOnATimeoutAroundNext) {
  auto generator = count_slowly(5);

  const std::string ending = co_await ending_of(wait_for(generator.next(), 500ms));
  const auto end = co_await generator.next();

  EXPECT_EQ(ending, test::kTimedOut);
  EXPECT_FALSE(end.has_value());
}

ASYNC_TEST(AsyncGenerator, RefusesANextWhileAnotherIsRunning) {
  auto generator = count_slowly(2);
  const auto first = create_task(generator.next());
  co_await pass(1);

  const std::string next = co_await ending_of(generator.next());
  const std::string close = co_await ending_of(generator.aclose());
  const auto value = co_await first;

  EXPECT_EQ(next, "RuntimeError: next(): asynchronous generator is already running");
  EXPECT_EQ(close, "RuntimeError: aclose(): asynchronous generator is already running");
  EXPECT_EQ(value, 1);
}

}  // namespace
}  // namespace asyncio
