// shutdown_asyncgens(), which run() calls at its end.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "asyncio/task/generator.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::now_ms;
using test::Reports;
using test::Trace;

/// Yields once; notes when it has been closed, after a second of cleanup.
AsyncGenerator<int> noting_its_close(Trace& trace, std::string name) {
  bool closing = false;
  try {
    co_yield 1;
  } catch (const GeneratorExit&) {
    closing = true;
  }
  if (closing) {
    co_await sleep(1s);
    trace.push_back(name + " at " + std::to_string(now_ms()));
  }
}

TEST(ShutdownAsyncgens, ClosesGeneratorsThatLiveAtTheEndOfRun) {
  Trace trace;
  auto a = noting_its_close(trace, "a");
  auto b = noting_its_close(trace, "b");
  auto not_begun = noting_its_close(trace, "c");
  const auto main = [&]() -> Coroutine<void> {
    (void)co_await a.next();
    (void)co_await b.next();
  };

  test::run_virtual(main());

  EXPECT_EQ(trace, (Trace{"a at 1000", "b at 1000"}));
}

TEST(ShutdownAsyncgens, ReportsErrorsOfTheCleanup) {
  const auto failing = []() -> AsyncGenerator<int> {
    try {
      co_yield 1;
    } catch (const GeneratorExit&) {
      throw std::runtime_error("oops");
    }
  };
  auto generator = failing();
  std::optional<Reports> reports;
  const auto main = [&]() -> Coroutine<void> {
    reports.emplace(get_running_loop());
    (void)co_await generator.next();
  };

  test::run_virtual(main());

  EXPECT_EQ(reports->texts(),
            Trace{"an error occurred during closing of an asynchronous generator: "
                  "std::runtime_error: oops"});
}

ASYNC_TEST(ShutdownAsyncgens, DoesNotReportACancelledCleanup) {
  const auto cancelling = []() -> AsyncGenerator<int> {
    try {
      co_yield 1;
    } catch (const GeneratorExit&) {
      throw CancelledError();
    }
  };
  auto generator = cancelling();
  (void)co_await generator.next();

  co_await shutdown_asyncgens();
  const auto end = co_await generator.next();

  EXPECT_FALSE(end.has_value());
}

ASYNC_TEST(ShutdownAsyncgens, IsCancelledTogetherWithTheCleanup) {
  Trace trace;
  auto generator = noting_its_close(trace, "a");
  (void)co_await generator.next();

  const std::string ending = co_await ending_of(wait_for(shutdown_asyncgens(), 500ms));

  EXPECT_EQ(ending, test::kTimedOut);
  EXPECT_TRUE(trace.empty());
}

TEST(ShutdownAsyncgens, ClosesGeneratorsThatOutlivedAnotherLoop) {
  Trace trace;
  const auto counting = [&](std::string name) -> AsyncGenerator<int> {
    try {
      for (int i = 1;; ++i) co_yield i;
    } catch (const GeneratorExit&) {
      trace.push_back(name);
    }
  };
  auto a = counting("a");
  auto b = counting("b");
  const auto take_both = [&]() -> Coroutine<void> {
    (void)co_await a.next();
    (void)co_await b.next();
  };
  {
    EventLoop loop(test::virtual_clock());
    loop.run_until_complete(take_both());
  }
  EXPECT_TRUE(trace.empty());

  test::run_virtual(take_both());

  EXPECT_EQ(trace, (Trace{"a", "b"}));
}

ASYNC_TEST(ShutdownAsyncgens, IgnoresGeneratorsThatHaveEnded) {
  Trace trace;
  auto ended = noting_its_close(trace, "a");
  (void)co_await ended.next();
  (void)co_await ended.next();
  {
    auto dropped = noting_its_close(trace, "b");
    (void)co_await dropped.next();
  }

  co_await shutdown_asyncgens();

  EXPECT_TRUE(trace.empty());
}

}  // namespace
}  // namespace asyncio
