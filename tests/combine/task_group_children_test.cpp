// TaskGroup::create_task().

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "asyncio/combine/task_group.hpp"
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
using test::throws;

ASYNC_TEST(TaskGroup, ReleasesFinishedChildrenAtOnce) {  // B174
  LiveCount count;
  TaskGroup group;
  const auto give = [](Live live) -> Coroutine<Live> { co_return live; };
  int alive_meanwhile = -1;

  co_await group.run([&]() -> Coroutine<void> {
    auto live = count.make();
    group.create_task(give(std::move(live)));
    co_await sleep(1s);
    alive_meanwhile = count.alive() - 1;  // excludes `live` itself
  });

  EXPECT_EQ(alive_meanwhile, 0);
}

ASYNC_TEST(TaskGroup, AcceptsChildrenFromItsChildrenEvenWhileItWaits) {  // B175
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

ASYNC_TEST(TaskGroup, RunsAChildInAGivenContext) {  // B177
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

ASYNC_TEST(TaskGroup, CreatesChildrenFromCallablesAndAwaitables) {
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

ASYNC_TEST(TaskGroup, RefusesChildrenBeforeItsStartAndAfterItsEnd) {  // B179
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

}  // namespace
}  // namespace asyncio
