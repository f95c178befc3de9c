#include "asyncio/task/coroutine.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
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
Coroutine<void> hold_for_ever(Live live) {
  const Live local = live;
  co_await test::for_ever();
}

ASYNC_TEST(Coroutine, DoesNotBeginBeforeItIsAwaited) {
  bool begun = false;

  Coroutine<void> work = mark(begun);
  co_await sleep(1s);
  EXPECT_FALSE(begun);

  co_await std::move(work);
  EXPECT_TRUE(begun);
}

ASYNC_TEST(Coroutine, NeverRunsWhenItIsDropped) {
  const test::Reports reports(get_running_loop());
  bool begun = false;
  LiveCount count;

  {
    const Coroutine<void> unused = mark(begun);
    const Coroutine<void> holding = hold(count.make());
    EXPECT_EQ(count.alive(), 1);
  }

  EXPECT_FALSE(begun);
  EXPECT_EQ(count.alive(), 0);
  co_return;
}

ASYNC_TEST(Coroutine, IsReportedOnceWhenItIsDroppedUnawaited) {
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

ASYNC_TEST(Coroutine, IsDroppedWithoutAWordByClose) {
  const test::Reports reports(get_running_loop());
  LiveCount count;
  Coroutine<void> unused = hold(count.make());

  unused.close();

  EXPECT_FALSE(unused.valid());
  EXPECT_EQ(count.alive(), 0);
  EXPECT_EQ(reports.size(), 0U);
  co_return;
}

ASYNC_TEST(Coroutine, IsAwaitedOnce) {  // B47
  Coroutine<int> work = ready_number(3);
  EXPECT_TRUE(work.valid());
  const int first = co_await std::move(work);

  EXPECT_EQ(first, 3);
  EXPECT_FALSE(work.valid());  // NOLINT(bugprone-use-after-move)
  const std::string second = co_await ending_of(std::move(work));
  EXPECT_EQ(second, "RuntimeError: cannot reuse already awaited coroutine");
}

ASYNC_TEST(Coroutine, CannotBeAwaitedOrMadeATaskAfterItWasMovedFrom) {
  Coroutine<int> work = ready_number(3);
  Coroutine<int> owner = std::move(work);

  // NOLINTBEGIN(bugprone-use-after-move)
  EXPECT_FALSE(work.valid());
  EXPECT_THROW(create_task(std::move(work)), RuntimeError);
  // NOLINTEND(bugprone-use-after-move)
  const int value = co_await std::move(owner);
  EXPECT_EQ(value, 3);
}

ASYNC_TEST(Coroutine, DestroysWhatAnAssignmentReplaces) {
  const test::Reports reports(get_running_loop());
  LiveCount count;
  {
    Coroutine<void> work = hold(count.make());
    work = hold(count.make());
    co_await std::move(work);
  }

  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, GivesReferencesAsTheyAre) {
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

ASYNC_TEST(Coroutine, TakesABracedResult) {
  const auto empty = []() -> Coroutine<std::vector<int>> { co_return {}; };
  const auto pair = []() -> Coroutine<std::pair<int, int>> { co_return {1, 2}; };

  const auto nothing = co_await empty();
  const auto two = co_await pair();

  EXPECT_TRUE(nothing.empty());
  EXPECT_EQ(two.second, 2);
}

ASYNC_TEST(Coroutine, DestroysAResultThatNobodyTakes) {
  LiveCount count;
  const auto make = [&](bool suspend) -> Coroutine<Live> {
    if (suspend) co_await sleep(0s);
    co_return count.make();
  };

  (void)co_await make(false);
  (void)co_await make(true);

  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, CarriesAnErrorThroughAllLevels) {
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

ASYNC_TEST(Coroutine, ThrowsBeforeItsFirstSuspensionLikeAfterIt) {
  const auto fail_at_once = []() -> Coroutine<int> {
    throw std::runtime_error("at once");
    co_return 0;
  };

  const std::string ending = co_await ending_of(fail_at_once());

  EXPECT_EQ(ending, "std::runtime_error: at once");
}

ASYNC_TEST(Coroutine, EndsItsParametersBeforeTheAwaiterGoesOn) {
  LiveCount count;
  const auto hold_a_turn = [](Live /*live*/) -> Coroutine<void> { co_await sleep(0s); };

  co_await hold(count.make());
  EXPECT_EQ(count.alive(), 0);
  co_await hold_a_turn(count.make());
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, TakesNoTurnToBeAwaited) {  // SEMANTICS 4
  const test::TurnCount turns;

  const int value = co_await ready_number(1);

  EXPECT_EQ(value, 1);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Coroutine, IsAFunctionOfAnObjectOrATemplate) {
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

// --- Depth and length ---

ASYNC_TEST(Coroutine, AwaitsAMillionTimesInConstantStack) {
  long sum = 0;

  for (int i = 0; i < 1'000'000; ++i) sum += co_await ready_number(1);

  EXPECT_EQ(sum, 1'000'000);
}

ASYNC_TEST(Coroutine, AwaitsAMillionSuspendingOnesInConstantStack) {
  long sum = 0;

  for (int i = 0; i < 1'000'000; ++i) sum += co_await number_after_a_turn(1);

  EXPECT_EQ(sum, 1'000'000);
}

// A chain takes native stack for each level while it is begun, and while it is destroyed, of the
// usual 8 MiB: some 50 to 700 bytes, but a kilobyte under clang's address sanitizer.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASYNCIO_FRAMES_ARE_LARGE 1
#endif
#endif
#ifdef ASYNCIO_FRAMES_ARE_LARGE
constexpr int kDeep = 5'000;
#else
constexpr int kDeep = 10'000;
#endif

Coroutine<int> deep(int depth, Live live, bool suspend) {
  if (depth == 0) {
    if (suspend) co_await sleep(1s);
    co_return 0;
  }
  co_return 1 + co_await deep(depth - 1, live, suspend);
}

ASYNC_TEST(Coroutine, CompletesAVeryDeepChain) {
  LiveCount count;

  const int at_once = co_await deep(kDeep, count.make(), false);
  const int later = co_await deep(kDeep, count.make(), true);

  EXPECT_EQ(at_once, kDeep);
  EXPECT_EQ(later, kDeep);
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, CancelsAVeryDeepChain) {
  LiveCount count;
  const Task<int> task = create_task(deep(kDeep, count.make(), true));
  co_await sleep(0s);

  task.cancel("deep");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: deep");
  EXPECT_EQ(count.alive(), 0);
}

TEST(Coroutine, DestroysAVeryDeepSuspendedChain) {
  LiveCount count;
  EventLoop loop(test::virtual_clock());
  const test::Reports reports(loop);
  loop.create_task(deep(kDeep, count.make(), true));
  loop.stop();
  loop.run_forever();
  EXPECT_GT(count.alive(), kDeep);

  loop.close();

  EXPECT_EQ(count.alive(), 0);
}

// --- Destroyed wherever it stands ---

Coroutine<void> many_points(LiveCount& count, std::vector<Future<void>>& gates) {
  const Live first = count.make();
  co_await gates[0];
  {
    const Live inner = count.make();
    co_await sleep(0s);
    co_await hold(count.make());
    try {
      const Live guarded = count.make();
      co_await gates[1];
      throw std::runtime_error("to the handler");
    } catch (const std::runtime_error&) {
    }
  }
  for (int i = 0; i < 2; ++i) {
    const Live looped = count.make();
    co_await sleep(1s);
  }
  const auto task = create_task(hold_for_ever(count.make()));
  co_await hold_for_ever(count.make());
}

TEST(Coroutine, CanBeDestroyedAtEachOfItsSuspensions) {
  for (int turns = 0; turns < 14; ++turns) {
    LiveCount count;
    {
      EventLoop loop(test::virtual_clock());
      const test::Reports reports(loop);
      std::vector<Future<void>> gates;
      for (int i = 0; i < 2; ++i) gates.push_back(loop.create_future<void>());
      loop.create_task(many_points(count, gates));
      for (int turn = 0; turn < turns; ++turn) {
        if (turn == 3) gates[0].set_result();
        if (turn == 6) gates[1].set_result();
        if (turn >= 9) loop.call_later(500ms, [&] { loop.stop(); });
        if (turn < 9) loop.stop();
        loop.run_forever();
      }
    }
    EXPECT_EQ(count.alive(), 0) << "after " << turns << " turns";
  }
}

}  // namespace
}  // namespace asyncio
