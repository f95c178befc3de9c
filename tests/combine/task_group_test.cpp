#include "asyncio/combine/task_group.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "combine/group_support.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::Live;
using test::LiveCount;
using test::nap;
using test::now_ms;
using test::number_after;
using test::Reports;

ASYNC_TEST(TaskGroup, ReturnsTheBodysResultAfterTheEndOfAllChildren) {  // B161
  TaskGroup group;
  Task<int> child;

  const int sum = co_await group.run([&]() -> Coroutine<int> {
    child = group.create_task(number_after(1, 3s));
    co_return co_await group.create_task(number_after(2, 1s));
  });

  EXPECT_EQ(sum, 2);
  EXPECT_EQ(child.result(), 1);
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(TaskGroup, WaitsForChildrenThatAreAddedLate) {  // B161
  TaskGroup group;

  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(nap(1s));
    co_await sleep(5s);
    group.create_task(nap(2s));
  });

  EXPECT_EQ(now_ms(), 7000);
}

ASYNC_TEST(TaskGroup, ResumesTwoTurnsAfterTheLastEnd) {  // SEMANTICS 4
  const auto future = get_running_loop().create_future<void>();
  const auto await_it = [&]() -> Coroutine<void> { co_await future; };
  const test::TurnCount turns;
  TaskGroup group;
  get_running_loop().call_later(0s, [&] { future.set_result(); });

  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(await_it());
    co_return;
  });

  EXPECT_EQ(turns.now(), 2 + 2);  // the child ends in the second turn
}

ASYNC_TEST(TaskGroup, IsNotDisturbedByAChildThatIsCancelledAlone) {  // B162
  TaskGroup group;
  Task<void> child;
  Task<int> other;

  co_await group.run([&]() -> Coroutine<void> {
    child = group.create_task(for_ever());
    other = group.create_task(number_after(2, 2s));
    co_await sleep(1s);
    child.cancel();
  });

  EXPECT_TRUE(child.cancelled());
  EXPECT_EQ(other.result(), 2);
}

ASYNC_TEST(TaskGroup, RunsOnlyOnce) {  // B180
  TaskGroup group;
  const auto nothing = []() -> Coroutine<void> { co_return; };

  std::string inside;
  co_await group.run([&]() -> Coroutine<void> { inside = co_await ending_of(group.run(nothing)); });
  const std::string afterwards = co_await ending_of(group.run(nothing));

  EXPECT_EQ(inside, "RuntimeError: <TaskGroup entered> has already been entered");
  EXPECT_EQ(afterwards, inside);
}

ASYNC_TEST(TaskGroup, PassesItselfToABodyThatTakesIt) {
  TaskGroup group;

  const int value = co_await group.run([](TaskGroup& self) -> Coroutine<int> {
    co_return co_await self.create_task(number_after(3, 0s));
  });

  EXPECT_EQ(value, 3);
}

ASYNC_TEST(TaskGroup, ReturnsReferencesAndMoveOnlyResults) {
  int target = 1;
  TaskGroup first;
  TaskGroup second;

  int& same = co_await first.run([&]() -> Coroutine<int&> { co_return target; });
  const auto moved = co_await second.run(
      []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(4); });

  EXPECT_EQ(&same, &target);
  EXPECT_EQ(*moved, 4);
}

ASYNC_TEST(TaskGroup, NamesTheChildrenItWaitsFor) {
  TaskGroup group;
  const auto parent = create_task(group.run([&]() -> Coroutine<void> {
    group.create_task(for_ever(), "a");
    group.create_task(nap(1s), "b");
    group.create_task(for_ever(), "c");
    co_return;
  }));
  co_await sleep(2s);

  const std::string waits_for = test::waits_for(parent);
  parent.cancel();
  (void)co_await ending_of(parent);

  EXPECT_EQ(waits_for, "TaskGroup of a, c");
}

ASYNC_TEST(TaskGroup, ShowsItsState) {
  TaskGroup group;
  std::string inside;

  const std::string before = to_string(group);
  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(nap(1s));
    inside = to_string(group);
    co_return;
  });

  EXPECT_EQ(before, "<TaskGroup>");
  EXPECT_EQ(inside, "<TaskGroup tasks=1 entered>");
}

TEST(TaskGroup, IsDestroyedSafelyWithChildrenWhenItsLoopCloses) {
  LiveCount count;
  {
    EventLoop loop(test::virtual_clock());
    const Reports reports(loop);
    const auto hold = [](Live) { return for_ever(); };
    const auto body = [&](TaskGroup& group) -> Coroutine<void> {
      auto live = count.make();
      group.create_task(hold, std::move(live));
      co_await for_ever();
    };
    const auto parent = [&]() -> Coroutine<void> {
      TaskGroup group;
      co_await group.run(body);
    };
    const auto task = loop.create_task(parent());
    loop.call_later(1s, [&] { loop.stop(); });
    loop.run_forever();
    EXPECT_GT(count.alive(), 0);
  }

  EXPECT_EQ(count.alive(), 0);
}

}  // namespace
}  // namespace asyncio
