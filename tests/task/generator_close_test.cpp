// Generators that end early: closed by aclose(), dropped, or destroyed with their task.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "asyncio/task/generator.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::Live;
using test::LiveCount;
using test::now_ms;
using test::pass;
using test::Reports;
using test::Trace;

// --- aclose() ---

ASYNC_TEST(AsyncGeneratorClose, ThrowsGeneratorExitAtTheYieldAndAwaitsTheCleanup) {
  Trace trace;
  const auto careful = [&]() -> AsyncGenerator<int> {
    bool closing = false;
    try {
      co_yield 1;
    } catch (const GeneratorExit&) {
      closing = true;
    }
    if (closing) {
      co_await sleep(2s);
      trace.push_back("clean");
    }
  };
  auto generator = careful();
  (void)co_await generator.next();

  co_await generator.aclose();
  const auto end = co_await generator.next();

  EXPECT_EQ(trace, Trace{"clean"});
  EXPECT_EQ(now_ms(), 2000);
  EXPECT_FALSE(end.has_value());
}

ASYNC_TEST(AsyncGeneratorClose, EndsAGeneratorThatDoesNotCatchGeneratorExit) {
  LiveCount count;
  const auto holding = [&]() -> AsyncGenerator<int> {
    const Live live = count.make();
    co_yield 1;
    co_yield 2;
  };
  auto generator = holding();
  (void)co_await generator.next();

  co_await generator.aclose();

  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(AsyncGeneratorClose, NeverRunsAGeneratorThatHasNotStarted) {
  bool begun = false;
  const auto begin = [&]() -> AsyncGenerator<int> {
    begun = true;
    co_yield 1;
  };
  auto generator = begin();

  co_await generator.aclose();
  const auto end = co_await generator.next();

  EXPECT_FALSE(begun);
  EXPECT_FALSE(end.has_value());
}

ASYNC_TEST(AsyncGeneratorClose, DoesNothingAfterTheEnd) {
  auto generator = []() -> AsyncGenerator<int> { co_return; }();
  (void)co_await generator.next();

  co_await generator.aclose();
  co_await generator.aclose();

  EXPECT_EQ(now_ms(), 0);
}

ASYNC_TEST(AsyncGeneratorClose, PropagatesAnErrorOfTheCleanup) {
  const auto failing = []() -> AsyncGenerator<int> {
    try {
      co_yield 1;
    } catch (const GeneratorExit&) {
      throw std::runtime_error("oops");
    }
  };
  auto generator = failing();
  (void)co_await generator.next();

  const std::string ending = co_await ending_of(generator.aclose());

  EXPECT_EQ(ending, "std::runtime_error: oops");
}

ASYNC_TEST(AsyncGeneratorClose, RefusesAValueYieldedDuringTheClose) {
  LiveCount count;
  {
    const auto ignoring = [&]() -> AsyncGenerator<int> {
      const Live live = count.make();
      try {
        co_yield 1;
      } catch (const GeneratorExit&) {
      }
      co_await sleep(1s);
      co_yield 2;
    };
    auto generator = ignoring();
    (void)co_await generator.next();

    const std::string ending = co_await ending_of(generator.aclose());
    const auto end = co_await generator.next();

    EXPECT_EQ(ending, "RuntimeError: async generator ignored GeneratorExit");
    EXPECT_FALSE(end.has_value());
  }
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(AsyncGeneratorClose, PassesACancelToTheCleanup) {
  bool cancelled = false;
  const auto careful = [&]() -> AsyncGenerator<int> {
    bool closing = false;
    try {
      co_yield 1;
    } catch (const GeneratorExit&) {
      closing = true;
    }
    try {
      if (closing) co_await for_ever();
    } catch (const CancelledError&) {
      cancelled = true;
      throw;
    }
  };
  auto generator = careful();
  (void)co_await generator.next();

  const std::string ending = co_await ending_of(wait_for(generator.aclose(), 1s));

  EXPECT_EQ(ending, test::kTimedOut);
  EXPECT_TRUE(cancelled);
}

// --- Other ways to end ---

ASYNC_TEST(AsyncGenerator, IsDestroyedWithoutItsHandlersWhenDropped) {
  LiveCount count;
  bool handled = false;
  {
    const auto holding = [&]() -> AsyncGenerator<int> {
      const Live live = count.make();
      try {
        co_yield 1;
      } catch (...) {
        handled = true;
      }
    };
    auto generator = holding();
    (void)co_await generator.next();
    EXPECT_EQ(count.alive(), 1);
  }

  EXPECT_EQ(count.alive(), 0);
  EXPECT_FALSE(handled);
}

ASYNC_TEST(AsyncGenerator, FinishesAPendingNextWhenDropped) {
  LiveCount count;
  std::optional<AsyncGenerator<int>> generator;
  const auto holding = [&]() -> AsyncGenerator<int> {
    const Live live = count.make();
    co_await sleep(1s);
    co_yield 5;
  };
  generator = holding();
  const auto task = create_task(generator->next());
  co_await pass(1);

  generator.reset();
  const auto value = co_await task;

  EXPECT_EQ(value, 5);
  EXPECT_EQ(count.alive(), 0);
}

TEST(AsyncGenerator, IsDestroyedWithTheTaskThatAwaitsItsStep) {
  LiveCount count;
  const auto holding = [&]() -> AsyncGenerator<int> {
    const Live live = count.make();
    co_await for_ever();
    co_yield 1;
  };
  auto generator = holding();
  {
    EventLoop loop(test::virtual_clock());
    const Reports reports(loop);
    const auto take = [&]() -> Coroutine<void> { (void)co_await generator.next(); };
    const auto task = loop.create_task(take());
    loop.call_later(1s, [&] { loop.stop(); });
    loop.run_forever();
    EXPECT_EQ(count.alive(), 1);
  }

  EXPECT_EQ(count.alive(), 0);
}

TEST(AsyncGenerator, CanOutliveItsLoop) {
  LiveCount count;
  const auto holding = [&]() -> AsyncGenerator<int> {
    const Live live = count.make();
    co_yield 1;
    co_yield 2;
  };
  {
    auto generator = holding();
    {
      EventLoop loop(test::virtual_clock());
      const auto take = [&]() -> Coroutine<int> {
        const auto value = co_await generator.next();
        co_return *value;
      };
      EXPECT_EQ(loop.run_until_complete(take()), 1);
    }
    EXPECT_EQ(count.alive(), 1);
  }
  EXPECT_EQ(count.alive(), 0);
}

}  // namespace
}  // namespace asyncio
