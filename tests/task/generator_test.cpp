#include "asyncio/task/generator.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

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

using Numbers = std::vector<int>;

AsyncGenerator<int> count_to(int end) {
  for (int i = 1; i <= end; ++i) co_yield i;
}
AsyncGenerator<int> count_slowly(int end) {
  for (int i = 1; i <= end; ++i) {
    co_await sleep(1s);
    co_yield i;
  }
}
Coroutine<Numbers> all_of(AsyncGenerator<int> generator) {
  Numbers numbers;
  while (const auto next = co_await generator.next()) numbers.push_back(*next);
  co_return numbers;
}

static_assert(!std::is_copy_constructible_v<AsyncGenerator<int>>);

ASYNC_TEST(AsyncGenerator, GivesItsValuesInOrderAndThenNothing) {
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

ASYNC_TEST(AsyncGenerator, GivesReferences) {
  std::vector<int> values(3, 0);
  const auto each = [&]() -> AsyncGenerator<int&> {
    for (int& value : values) co_yield value;
  };

  auto generator = each();
  int next_value = 1;
  while (const auto next = co_await generator.next()) next->get() = next_value++;

  EXPECT_EQ(values, (Numbers{1, 2, 3}));
}

ASYNC_TEST(AsyncGenerator, GivesMoveOnlyValues) {
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

ASYNC_TEST(AsyncGenerator, CopiesAVariableThatItYields) {
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

ASYNC_TEST(AsyncGenerator, LetsItsErrorOutThroughNextAndHasEndedThen) {
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

ASYNC_TEST(AsyncGenerator, CanSwallowACancelAndGiveAValue) {
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

ASYNC_TEST(AsyncGenerator, EndsByATimeoutAroundNext) {
  auto generator = count_slowly(5);

  const std::string ending = co_await ending_of(wait_for(generator.next(), 500ms));
  const auto end = co_await generator.next();

  EXPECT_EQ(ending, "TimeoutError: timed out");
  EXPECT_FALSE(end.has_value());
}

ASYNC_TEST(AsyncGenerator, RefusesANextWhileAnotherIsUnderWay) {
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

ASYNC_TEST(AsyncGenerator, LetsGoOfItsParametersAtItsEnd) {
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

ASYNC_TEST(AsyncGenerator, GoesOnInAnotherTaskWhereTheFirstLeftOff) {
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

ASYNC_TEST(AsyncGenerator, MovedFromHasEnded) {
  auto generator = count_to(2);
  auto moved = std::move(generator);

  const auto nothing = co_await generator.next();  // NOLINT(bugprone-use-after-move)
  co_await generator.aclose();
  const auto value = co_await moved.next();

  EXPECT_FALSE(nothing.has_value());
  EXPECT_EQ(value, 1);
}

ASYNC_TEST(AsyncGenerator, TakesConstantStackOverAMillionValues) {
  const auto endless = []() -> AsyncGenerator<int> {
    for (int i = 1;; ++i) co_yield i;
  };
  auto generator = endless();

  int last = 0;
  while (last < 1'000'000) last = (co_await generator.next()).value();

  EXPECT_EQ(last, 1'000'000);
}

ASYNC_TEST(AsyncGenerator, TakesConstantStackOverManyValuesThroughGeneratorsThatYieldToTheLoop) {
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

ASYNC_TEST(AsyncGeneratorClose, EndsOneThatDoesNotCatchGeneratorExit) {
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

ASYNC_TEST(AsyncGeneratorClose, OfOneThatHasNotBegunNeverRunsIt) {
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

ASYNC_TEST(AsyncGeneratorClose, AfterTheEndDoesNothing) {
  auto generator = count_to(0);
  (void)co_await generator.next();

  co_await generator.aclose();
  co_await generator.aclose();

  EXPECT_EQ(now_ms(), 0);
}

ASYNC_TEST(AsyncGeneratorClose, LetsTheErrorOfTheCleanupOut) {
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

ASYNC_TEST(AsyncGeneratorClose, RefusesAValueThatIsYieldedMeanwhile) {
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

  EXPECT_EQ(ending, "TimeoutError: timed out");
  EXPECT_TRUE(cancelled);
}

// --- Ends of other kinds ---

ASYNC_TEST(AsyncGenerator, DroppedUnfinishedIsDestroyedWithoutItsHandlers) {
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

ASYNC_TEST(AsyncGenerator, DroppedWhileANextIsUnderWayGoesOnToItsEnd) {
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

TEST(AsyncGenerator, InTheMidstOfAStepIsDestroyedWithItsTask) {
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

// --- Shutdown ---

/// Says when it has been closed; its clean-up takes a second.
AsyncGenerator<int> saying_when_closed(Trace& trace, std::string name) {
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

TEST(ShutdownAsyncgens, ClosesThoseThatLiveAtTheEndOfRun) {
  Trace trace;
  auto a = saying_when_closed(trace, "a");
  auto b = saying_when_closed(trace, "b");
  auto not_begun = saying_when_closed(trace, "c");
  const auto main = [&]() -> Coroutine<void> {
    (void)co_await a.next();
    (void)co_await b.next();
  };

  test::run_virtual(main());

  EXPECT_EQ(trace, (Trace{"a at 1000", "b at 1000"}));
}

TEST(ShutdownAsyncgens, ReportsTheErrorsOfTheirCleanup) {
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

ASYNC_TEST(ShutdownAsyncgens, LeavesThoseAloneThatHaveEnded) {
  Trace trace;
  auto ended = saying_when_closed(trace, "a");
  (void)co_await ended.next();
  (void)co_await ended.next();
  {
    auto dropped = saying_when_closed(trace, "b");
    (void)co_await dropped.next();
  }

  co_await shutdown_asyncgens();

  EXPECT_TRUE(trace.empty());
}

}  // namespace
}  // namespace asyncio
