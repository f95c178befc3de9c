#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "asyncio/task/task.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::number_after;
using test::pass;
using test::Trace;

Coroutine<int> number_at_once(int value) {
  co_return value;
}

TaskOptions eager() {
  return TaskOptions().eager_start(true);
}

ASYNC_TEST(EagerTask, IsDoneAtOnceIfItDoesNotSuspend) {  // B191
  const Task<int> task = create_task(number_at_once(3), eager());

  EXPECT_TRUE(task.done());
  EXPECT_EQ(task.result(), 3);
  EXPECT_FALSE(task.cancel());  // B193
  EXPECT_EQ(all_tasks().size(), 1U);
  co_return;
}

ASYNC_TEST(EagerTask, ContinuesAsAnOrdinaryTaskOnceSuspended) {  // B192
  Trace trace;
  const auto work = [&]() -> Coroutine<void> {
    trace.push_back("first step");
    co_await sleep(0s);
    trace.push_back("second step");
  };

  const auto task = create_task(work(), eager());
  trace.push_back("made");
  co_await task;

  EXPECT_EQ(trace, (Trace{"first step", "made", "second step"}));
}

ASYNC_TEST(EagerTask, IsCurrentOnlyDuringItsFirstStep) {  // B194
  std::string inside;
  const auto work = [&]() -> Coroutine<void> {
    inside = current_task()->get_name();
    co_return;
  };

  (void)create_task(work(), eager().name("eager"));

  EXPECT_EQ(inside, "eager");
  EXPECT_EQ(current_task()->get_name(), "Task-1");
  co_return;
}

ASYNC_TEST(EagerTask, IsListedByAllTasksDuringItsFirstStep) {  // B195
  std::size_t inside = 0;
  const auto work = [&]() -> Coroutine<void> {
    inside = all_tasks().size();
    co_await sleep(0s);
  };

  const auto task = create_task(work(), eager());

  EXPECT_EQ(inside, 2U);
  EXPECT_EQ(all_tasks().size(), 2U);
  co_await task;
  EXPECT_EQ(all_tasks().size(), 1U);
}

ASYNC_TEST(EagerTask, IsCancelledWithItsMessageOnceSuspended) {  // B193
  const auto task = create_task(for_ever(), eager());

  EXPECT_TRUE(task.cancel("enough"));
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: enough");
}

ASYNC_TEST(EagerTask, CanStartOthersInsideItsFirstStep) {
  Trace trace;
  const auto inner = [&](std::string name) -> Coroutine<void> {
    trace.push_back(name + " " + current_task()->get_name());
    co_return;
  };
  const auto outer = [&]() -> Coroutine<void> {
    (void)create_task(inner("inner"), eager().name("b"));
    co_await inner("after in");
  };

  (void)create_task(outer(), eager().name("a"));

  EXPECT_EQ(trace, (Trace{"inner b", "after in a"}));
  co_return;
}

ASYNC_TEST(TaskFactory, MakesEachTaskEagerUntilItIsReset) {  // B55
  EventLoop& loop = get_running_loop();

  loop.set_task_factory(eager_task_factory);
  const auto eager = create_task(pass(0));
  const auto named = create_task(pass(0), "mine");
  EXPECT_TRUE(eager.done());
  EXPECT_TRUE(named.done());
  EXPECT_EQ(named.get_name(), "mine");

  loop.set_task_factory(nullptr);
  EXPECT_FALSE(loop.get_task_factory());
  const auto ordinary = create_task(pass(0));
  EXPECT_FALSE(ordinary.done());
  co_await ordinary;
}

ASYNC_TEST(TaskFactory, CanChangeTheOptionsOfEachTask) {  // B53, B55
  get_running_loop().set_task_factory(
      [](TaskOptions& options) { options.name("from the factory"); });

  const auto task = create_task(number_after(1, 0s));

  EXPECT_EQ(task.get_name(), "from the factory");
  EXPECT_EQ(co_await task, 1);
}

ASYNC_TEST(TaskFactory, CanReplaceItself) {
  test::LiveCount factories;
  int alive = 0;
  get_running_loop().set_task_factory([&, live = factories.make()](TaskOptions&) {
    const test::LiveCount& count = factories;
    int& seen = alive;
    get_running_loop().set_task_factory(nullptr);
    seen = count.alive();
  });

  co_await create_task(pass(0));

  EXPECT_EQ(alive, 1);
  EXPECT_EQ(factories.alive(), 0);
}

TEST(EagerTask, WaitsUntilItsLoopRuns) {
  EventLoop loop(test::virtual_clock());
  bool begun = false;
  const auto work = [&]() -> Coroutine<void> {
    begun = true;
    co_await sleep(1s);
  };

  const Task<void> task = loop.create_task(work(), eager());
  EXPECT_FALSE(begun);
  loop.run_until_complete(task);

  EXPECT_TRUE(begun);
}

}  // namespace
}  // namespace asyncio
