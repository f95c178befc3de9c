#include "asyncio/task/coroutine.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
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
using test::fail;
using test::Live;
using test::LiveCount;

static_assert(!std::is_copy_constructible_v<Coroutine<int>>);
static_assert(!std::is_copy_assignable_v<Coroutine<int>>);
static_assert(std::is_nothrow_move_constructible_v<Coroutine<int>>);
static_assert(std::is_same_v<Coroutine<>, Coroutine<void>>);
static_assert(std::is_same_v<Coroutine<int&>::value_type, int&>);

Coroutine<int> ready_number(int value) {
  co_return value;
}
Coroutine<int> number_after_a_turn(int value) {
  co_await sleep(0s);
  co_return value;
}
Coroutine<void> mark(bool& flag) {
  flag = true;
  co_return;
}
Coroutine<void> hold(Live /*live*/) {
  co_return;
}

ASYNC_TEST(Coroutine, DoesNotStartBeforeItIsAwaited) {
  bool started = false;

  Coroutine<void> work = mark(started);
  co_await sleep(1s);
  EXPECT_FALSE(started);

  co_await std::move(work);
  EXPECT_TRUE(started);
}

ASYNC_TEST(Coroutine, NeverRunsWhenDropped) {
  const test::Reports reports(get_running_loop());
  bool started = false;
  LiveCount count;

  {
    const Coroutine<void> unused = mark(started);
    const Coroutine<void> holding = hold(count.make());
    EXPECT_EQ(count.alive(), 1);
  }

  EXPECT_FALSE(started);
  EXPECT_EQ(count.alive(), 0);
  co_return;
}

ASYNC_TEST(Coroutine, IsReportedOnceWhenDroppedUnawaited) {
  const test::Reports reports(get_running_loop());

  {
    Coroutine<int> unused = ready_number(1);
    Coroutine<int> moved = std::move(unused);
    moved = ready_number(2);
    EXPECT_EQ(reports.size(), 1U);
  }

  EXPECT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports.all()[0].message, "coroutine 'asyncio::ready_number' was never awaited");
  EXPECT_TRUE(reports.all()[0].created_at.file.ends_with("coroutine_test.cpp"));
  EXPECT_GT(reports.all()[0].created_at.line, 30U);
  co_return;
}

ASYNC_TEST(Coroutine, IsDroppedSilentlyByClose) {
  const test::Reports reports(get_running_loop());
  LiveCount count;
  Coroutine<void> unused = hold(count.make());

  unused.close();

  EXPECT_FALSE(unused.valid());
  EXPECT_EQ(count.alive(), 0);
  EXPECT_EQ(reports.size(), 0U);
  co_return;
}

ASYNC_TEST(Coroutine, CanBeAwaitedOnce) {  // B47
  Coroutine<int> work = ready_number(3);
  EXPECT_TRUE(work.valid());
  const int first = co_await std::move(work);

  EXPECT_EQ(first, 3);
  EXPECT_FALSE(work.valid());  // NOLINT(bugprone-use-after-move)
  const std::string second = co_await ending_of(std::move(work));
  EXPECT_EQ(second, "RuntimeError: cannot reuse already awaited coroutine");
}

ASYNC_TEST(Coroutine, CannotBecomeATaskOnceMovedFrom) {
  Coroutine<int> work = ready_number(3);
  Coroutine<int> owner = std::move(work);

  // NOLINTBEGIN(bugprone-use-after-move)
  EXPECT_FALSE(work.valid());
  EXPECT_THROW(create_task(std::move(work)), RuntimeError);
  // NOLINTEND(bugprone-use-after-move)
  const int value = co_await std::move(owner);
  EXPECT_EQ(value, 3);
}

ASYNC_TEST(Coroutine, DestroysItsFrameWhenAssignedAnother) {
  const test::Reports reports(get_running_loop());
  LiveCount count;
  {
    Coroutine<void> work = hold(count.make());
    work = hold(count.make());
    co_await std::move(work);
  }

  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, ReturnsReferencesUnchanged) {
  int value = 1;
  const auto refer = [](int& target) -> Coroutine<int&> { co_return target; };
  const auto refer_later = [](int& target) -> Coroutine<int&> {
    co_await sleep(0s);
    co_return target;
  };

  int& first = co_await refer(value);
  int& second = co_await refer_later(value);
  const int& third = co_await [](int& target) -> Coroutine<const int&> { co_return target; }(value);

  EXPECT_EQ(&first, &value);
  EXPECT_EQ(&second, &value);
  EXPECT_EQ(&third, &value);
}

ASYNC_TEST(Coroutine, MovesAMoveOnlyResultToItsAwaiter) {
  const auto make = [](bool suspend) -> Coroutine<std::unique_ptr<int>> {
    if (suspend) co_await sleep(0s);
    co_return std::make_unique<int>(7);
  };

  const std::unique_ptr<int> at_once = co_await make(false);
  const std::unique_ptr<int> later = co_await make(true);

  EXPECT_EQ(*at_once, 7);
  EXPECT_EQ(*later, 7);
}

ASYNC_TEST(Coroutine, AcceptsABracedResult) {
  const auto empty = []() -> Coroutine<std::vector<int>> { co_return {}; };
  const auto pair = []() -> Coroutine<std::pair<int, int>> { co_return {1, 2}; };

  const auto nothing = co_await empty();
  const auto two = co_await pair();

  EXPECT_TRUE(nothing.empty());
  EXPECT_EQ(two.second, 2);
}

ASYNC_TEST(Coroutine, DestroysAnUnusedResult) {
  LiveCount count;
  const auto make = [&](bool suspend) -> Coroutine<Live> {
    if (suspend) co_await sleep(0s);
    co_return count.make();
  };

  (void)co_await make(false);
  (void)co_await make(true);

  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, PropagatesAnErrorThroughAllLevels) {
  LiveCount count;
  const auto level = [&](auto self, int depth, Live live) -> Coroutine<int> {
    const Live local = live;
    if (depth == 0) co_await fail("deep");
    co_return co_await self(self, depth - 1, live);
  };

  const std::string ending = co_await ending_of(level(level, 20, count.make()));

  EXPECT_EQ(ending, "std::runtime_error: deep");
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, LetsEachLevelHandleAndReplaceAnError) {
  const auto replace = []() -> Coroutine<void> {
    try {
      co_await fail("inner");
    } catch (const std::runtime_error& error) {
      throw std::logic_error(std::string("outer after ") + error.what());
    }
  };

  const std::string ending = co_await ending_of(replace());

  EXPECT_EQ(ending, "std::logic_error: outer after inner");
}

ASYNC_TEST(Coroutine, PropagatesAnErrorFromBeforeItsFirstSuspension) {
  const auto fail_at_once = []() -> Coroutine<int> {
    throw std::runtime_error("at once");
    co_return 0;
  };

  const std::string ending = co_await ending_of(fail_at_once());

  EXPECT_EQ(ending, "std::runtime_error: at once");
}

ASYNC_TEST(Coroutine, DestroysItsParametersBeforeTheAwaiterResumes) {
  LiveCount count;
  const auto hold_a_turn = [](Live /*live*/) -> Coroutine<void> { co_await sleep(0s); };

  co_await hold(count.make());
  EXPECT_EQ(count.alive(), 0);
  co_await hold_a_turn(count.make());
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, TakesNoTurnToAwait) {  // SEMANTICS 4
  const test::TurnCount turns;

  const int value = co_await ready_number(1);

  EXPECT_EQ(value, 1);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Coroutine, CanBeAMemberFunction) {
  struct Counter {
    int value = 0;
    Coroutine<int> next() {
      co_await sleep(0s);
      co_return ++value;
    }
  };
  Counter counter;

  const int first = co_await counter.next();
  const int second = co_await counter.next();

  EXPECT_EQ(first + second, 3);
}

ASYNC_TEST(Coroutine, CanBeAwaitedInsideExpressions) {
  int sum = 1;

  sum += co_await ready_number(2) * co_await number_after_a_turn(3);
  for (const int value :
       co_await []() -> Coroutine<std::vector<int>> { co_return std::vector<int>(2, 10); }()) {
    sum += value + co_await number_after_a_turn(1);
  }

  EXPECT_EQ(sum, 29);
}

}  // namespace
}  // namespace asyncio
