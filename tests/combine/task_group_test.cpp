#include "asyncio/combine/task_group.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "combine/group_support.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail;
using test::fail_when_cancelled;
using test::for_ever;
using test::group_of;
using test::kOops;
using test::Live;
using test::LiveCount;
using test::nap;
using test::now_ms;
using test::number_after;
using test::Reports;
using test::throws;

ASYNC_TEST(TaskGroup, GivesTheBodysResultAfterTheEndOfAllChildren) {  // B161
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

  EXPECT_EQ(turns.now(), 2 + 2);  // the child's end is in the second turn
}

ASYNC_TEST(TaskGroup, IsNotDisturbedByAChildThatIsCancelledByItself) {  // B162
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

ASYNC_TEST(TaskGroup, LetsGoOfFinishedChildrenAtOnce) {  // B174
  LiveCount count;
  TaskGroup group;
  const auto give = [](Live live) -> Coroutine<Live> { co_return live; };
  int alive_meanwhile = -1;

  co_await group.run([&]() -> Coroutine<void> {
    auto live = count.make();
    group.create_task(give(std::move(live)));
    co_await sleep(1s);
    alive_meanwhile = count.alive() - 1;  // `live` itself is one
  });

  EXPECT_EQ(alive_meanwhile, 0);
}

ASYNC_TEST(TaskGroup, TakesChildrenOfItsChildrenAlsoWhileItWaits) {  // B175
  TaskGroup group;
  int finished = 0;
  const std::function<Coroutine<void>(int)> split = [&](int depth) -> Coroutine<void> {
    co_await sleep(1s);
    if (depth > 0) {
      group.create_task(split(depth - 1));
      group.create_task(split(depth - 1));
    }
    ++finished;
  };

  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(split(3));
    co_return;
  });

  EXPECT_EQ(finished, 15);
  EXPECT_EQ(now_ms(), 4000);
}

ASYNC_TEST(TaskGroup, IsNotKeptAliveByChildrenThatAddChildrenWhenItFails) {  // B176
  TaskGroup group;
  const std::function<Coroutine<void>()> go_on = [&]() -> Coroutine<void> {
    co_await sleep(1s);
    group.create_task(go_on());
    co_await for_ever();
  };

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(go_on());
    co_await sleep(5500ms);
    throw std::runtime_error("oops");
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_EQ(now_ms(), 5500);
}

ASYNC_TEST(TaskGroup, NamesItsChildren) {  // B177
  TaskGroup group;
  std::string by_name;
  std::string by_options;

  co_await group.run([&]() -> Coroutine<void> {
    by_name = group.create_task(nap(0s), "first").get_name();
    by_options = group.create_task(nap(0s), TaskOptions().name("second")).get_name();
    co_return;
  });

  EXPECT_EQ(by_name, "first");
  EXPECT_EQ(by_options, "second");
}

ASYNC_TEST(TaskGroup, RunsAChildInTheContextItIsGiven) {  // B177
  static const ContextVar<int> number("number", 0);
  const Context context = copy_context();
  context.run([] { (void)number.set(5); });
  TaskGroup group;
  Task<int> own;
  Task<int> given;
  const auto read = []() -> Coroutine<int> { co_return number.get(); };

  co_await group.run([&]() -> Coroutine<void> {
    own = group.create_task(read);
    given = group.create_task(TaskOptions().context(context), read);
    co_return;
  });

  EXPECT_EQ(own.result(), 0);
  EXPECT_EQ(given.result(), 5);
}

ASYNC_TEST(TaskGroup, MakesChildrenOfCallablesAndOfAwaitables) {
  TaskGroup group;
  Task<int> by_call;
  Task<void> sleeper;

  co_await group.run([&]() -> Coroutine<void> {
    by_call = group.create_task([](int value) { return number_after(value, 1s); }, 7);
    sleeper = group.create_task(sleep(2s));
    co_return;
  });

  EXPECT_EQ(by_call.result(), 7);
  EXPECT_TRUE(sleeper.done());
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(TaskGroup, CountsTheErrorOfAnEagerChildAtOnce) {
  TaskGroup group;
  const auto fail_now = []() -> Coroutine<void> {
    throw std::runtime_error("oops");
    co_return;
  };
  std::string refusal;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail_now(), TaskOptions().eager_start(true));
    refusal = throws([&] { group.create_task(nap(0s)); });
    co_return;
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_EQ(refusal, "RuntimeError: <TaskGroup errors=1 cancelling> is shutting down");
}

ASYNC_TEST(TaskGroup, RefusesChildrenWhileItShutsDown) {  // B178
  TaskGroup group;
  std::string refusal;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail_when_cancelled("late", 5s));
    group.create_task(fail("oops", 1s));
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    refusal = throws([&] { group.create_task(nap(0s)); });
  }));

  EXPECT_EQ(ending, group_of("std::runtime_error: oops, std::runtime_error: late"));
  EXPECT_EQ(refusal, "RuntimeError: <TaskGroup tasks=1 errors=1 cancelling> is shutting down");
}

ASYNC_TEST(TaskGroup, RefusesChildrenBeforeItsBeginningAndAfterItsEnd) {  // B179
  LiveCount count;
  TaskGroup group;
  const auto hold = [](Live) -> Coroutine<void> { co_return; };
  const auto add = [&] { group.create_task(hold(count.make())); };

  const std::string before = throws(add);
  co_await group.run([]() -> Coroutine<void> { co_return; });
  const std::string after = throws(add);

  EXPECT_EQ(before, "RuntimeError: <TaskGroup> has not been entered");
  EXPECT_EQ(after, "RuntimeError: <TaskGroup entered> is finished");
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(TaskGroup, RunsOnceOnly) {  // B180
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

ASYNC_TEST(TaskGroup, GivesReferencesAndMoveOnlyResults) {
  int target = 1;
  TaskGroup first;
  TaskGroup second;

  int& same = co_await first.run([&]() -> Coroutine<int&> { co_return target; });
  const auto moved = co_await second.run(
      []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(4); });

  EXPECT_EQ(&same, &target);
  EXPECT_EQ(*moved, 4);
}

ASYNC_TEST(TaskGroup, SaysWhomItWaitsFor) {
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

ASYNC_TEST(TaskGroup, TellsItsStateAsText) {
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
