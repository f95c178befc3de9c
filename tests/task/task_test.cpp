#include "asyncio/task/task.hpp"

#include <gtest/gtest.h>

#include <chrono>
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
using test::fail;
using test::for_ever;
using test::Live;
using test::LiveCount;
using test::pass;
using test::Reports;
using test::throws;
using test::Trace;

static_assert(std::is_base_of_v<Future<int>, Task<int>>);  // B33
static_assert(std::is_convertible_v<Task<int>, AnyTask>);

Coroutine<int> number(int value) {
  co_await sleep(0s);
  co_return value;
}

// --- Running ---

ASYNC_TEST(Task, RunsItsCoroutineAndGivesItsResult) {  // B32, B36
  const Task<int> task = create_task(number(4));
  EXPECT_FALSE(task.done());
  EXPECT_TRUE(task.is_task());
  EXPECT_EQ(&task.get_loop(), &get_running_loop());  // B34

  const int value = co_await task;

  EXPECT_EQ(value, 4);
  EXPECT_EQ(task.result(), 4);
}

ASYNC_TEST(Task, BeginsOneTurnAfterItsMaking) {  // SEMANTICS 4
  const test::TurnCount turns;
  int began_at = -1;
  const auto work = [&]() -> Coroutine<void> {
    began_at = turns.now();
    co_return;
  };

  const auto task = create_task(work());
  EXPECT_EQ(began_at, -1);
  co_await pass(1);

  EXPECT_EQ(began_at, 1);
  EXPECT_TRUE(task.done());
}

ASYNC_TEST(Task, ResumesItsAwaiterOneTurnAfterItsEnd) {  // SEMANTICS 4
  const test::TurnCount turns;
  int ended_at = -1;
  const auto work = [&]() -> Coroutine<void> {
    co_await pass(3);
    ended_at = turns.now();
  };

  co_await create_task(work());

  EXPECT_EQ(turns.now(), ended_at + 1);
}

ASYNC_TEST(Task, TakesTurnsWithOthersInTheOrderOfTheirMaking) {
  Trace trace;
  const auto work = [&](std::string name) -> Coroutine<void> {
    for (int i = 1; i <= 2; ++i) {
      trace.push_back(name + std::to_string(i));
      co_await sleep(0s);
    }
  };

  const auto a = create_task(work("a"));
  const auto b = create_task(work("b"));
  co_await a;
  co_await b;

  EXPECT_EQ(trace, (Trace{"a1", "b1", "a2", "b2"}));
}

ASYNC_TEST(Task, RunsOnWhenItsHandleIsDropped) {
  bool ended = false;
  const auto work = [&]() -> Coroutine<void> {
    co_await sleep(1s);
    ended = true;
  };

  (void)create_task(work());
  co_await sleep(2s);

  EXPECT_TRUE(ended);
}

struct HoldingWork {
  Live live;
  Coroutine<std::size_t> operator()(std::string text, int times) {
    co_await sleep(1s);
    co_return text.size() * static_cast<std::size_t>(times);
  }
};

ASYNC_TEST(Task, KeepsACallableAndItsArgumentsUntilItsEnd) {
  LiveCount count;
  const auto make = [&] {
    HoldingWork work{count.make()};
    return create_task(std::move(work), std::string("abc"), 2);
  };

  const Task<std::size_t> task = make();
  EXPECT_EQ(count.alive(), 1);
  const std::size_t size = co_await task;

  EXPECT_EQ(size, 6U);
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Task, DestroysItsCoroutineBeforeItsAwaiterGoesOn) {
  LiveCount count;
  const auto work = [](Live live) -> Coroutine<void> {
    const Live local = live;
    co_await sleep(0s);
  };

  const auto task = create_task(work(count.make()));
  co_await task;

  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Task, ThrowsItsErrorToEachAwaiter) {
  const auto task = create_task(fail("oops"));

  const std::string first = co_await ending_of(task);
  const std::string second = co_await ending_of(task);

  EXPECT_EQ(first, "std::runtime_error: oops");
  EXPECT_EQ(second, first);
  EXPECT_FALSE(task.cancelled());
}

ASYNC_TEST(Task, FailsWithAnErrorOfItsResultsMove) {
  struct ThrowsWhenMoved {
    ThrowsWhenMoved() = default;
    ThrowsWhenMoved(const ThrowsWhenMoved&) { throw std::runtime_error("copy"); }
    ThrowsWhenMoved(ThrowsWhenMoved&&) { throw std::runtime_error("move"); }
    ThrowsWhenMoved& operator=(const ThrowsWhenMoved&) = default;
  };
  const auto work = []() -> Coroutine<ThrowsWhenMoved> { co_return ThrowsWhenMoved(); };

  const std::string ending = co_await ending_of(create_task(work()));

  EXPECT_EQ(ending, "std::runtime_error: move");
}

ASYNC_TEST(Task, CarriesReferencesMoveOnlyThingsAndNothing) {
  int target = 1;
  const auto refer = [](int& value) -> Coroutine<int&> { co_return value; };
  const auto make = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(2); };
  const auto nothing = []() -> Coroutine<> { co_return; };

  int& same = co_await create_task(refer(target));
  const std::unique_ptr<int> pointer = co_await create_task(make());
  co_await create_task(nothing());

  EXPECT_EQ(&same, &target);
  EXPECT_EQ(*pointer, 2);
}

ASYNC_TEST(Task, HandsOverAFutureAsAValue) {  // B41
  const auto inner = get_running_loop().create_future<int>();
  const auto work = [](Future<int> future) -> Coroutine<Future<int>> { co_return future; };

  const Future<int> value = co_await create_task(work(inner));

  EXPECT_EQ(value, inner);
  EXPECT_FALSE(value.done());
}

ASYNC_TEST(Task, RefusesAResultFromOutside) {  // B45
  const auto task = create_task(number(4));

  EXPECT_THROW(task.set_result(1), RuntimeError);
  EXPECT_THROW(task.set_exception(std::runtime_error("oops")), RuntimeError);

  const int value = co_await task;
  EXPECT_EQ(value, 4);
}

ASYNC_TEST(Task, FailsWhenItAwaitsItself) {  // B43
  std::optional<Task<void>> own;
  const test::TurnCount turns;
  int before = 0;
  int after = 0;
  const auto work = [&]() -> Coroutine<std::string> {
    before = turns.now();
    const std::string ending = co_await ending_of(*own);
    after = turns.now();
    co_return ending;
  };
  const auto run = [&]() -> Coroutine<void> {
    const std::string ending = co_await work();
    EXPECT_EQ(ending, "RuntimeError: Task cannot await on itself: Task-2");
  };

  own = create_task(run());
  co_await *own;

  EXPECT_EQ(after, before + 1);  // SEMANTICS 4
}

ASYNC_TEST(Task, FailsWhenItAwaitsAFutureOfAnotherLoop) {  // B44
  EventLoop other(test::virtual_clock());
  const auto future = other.create_future<void>();

  const std::string ending = co_await ending_of(future);

  EXPECT_EQ(ending, "RuntimeError: Task-1 got a future attached to a different loop");
  future.cancel();
}

ASYNC_TEST(Task, TakesADoneFutureOfAnotherLoop) {
  EventLoop other(test::virtual_clock());
  const auto future = other.create_future<int>();
  future.set_result(3);

  const int value = co_await future;

  EXPECT_EQ(value, 3);
}

TEST(Task, NeedsARunningLoop) {  // B37
  EXPECT_EQ(throws([] { (void)create_task(number(1)); }), "RuntimeError: no running event loop");
  EXPECT_EQ(throws([] { (void)current_task(); }), "RuntimeError: no running event loop");
  EXPECT_EQ(throws([] { (void)all_tasks(); }), "RuntimeError: no running event loop");
}

ASYNC_TEST(Task, IsGivenBackByEnsureFuture) {  // B37, B38
  const Task<int> task = create_task(number(1));
  const Future<int> future = get_running_loop().create_future<int>();

  const Task<int> same_task = ensure_future(task);
  const Future<int> same_future = ensure_future(future, get_running_loop());
  const Task<int> fresh = ensure_future(number(2));

  EXPECT_EQ(same_task, task);
  EXPECT_EQ(same_future, future);
  const int sum = co_await task + co_await fresh;
  EXPECT_EQ(sum, 3);
}

ASYNC_TEST(Task, IsRefusedByEnsureFutureForAnotherLoop) {  // B39
  EventLoop other(test::virtual_clock());

  EXPECT_EQ(throws([&] { (void)ensure_future(other.create_future<void>(), get_running_loop()); }),
            "ValueError: The future belongs to a different loop than the one specified as the "
            "loop argument");
  co_return;
}

// --- Names ---

ASYNC_TEST(Task, IsNumberedInTheOrderOfMakingUnlessItIsNamed) {  // B52, B53
  const auto first = create_task(number(1));
  const auto named = create_task(number(1), "mine");
  const auto second = create_task(number(1));

  EXPECT_EQ(first.get_name(), "Task-2");  // main is Task-1
  EXPECT_EQ(named.get_name(), "mine");
  EXPECT_EQ(second.get_name(), "Task-3");

  first.set_name("changed");
  co_await first;
  EXPECT_EQ(first.get_name(), "changed");
}

// --- current_task and all_tasks ---

ASYNC_TEST(CurrentTask, IsTheOneWhoseStepRuns) {  // B61, B62
  std::vector<AnyTask> seen;
  const auto work = [&]() -> Coroutine<void> {
    for (int i = 0; i < 2; ++i) {
      seen.push_back(*current_task());
      co_await sleep(0s);
    }
  };
  bool none_in_callback = false;

  const auto a = create_task(work());
  const auto b = create_task(work());
  get_running_loop().call_soon([&] { none_in_callback = !current_task(); });
  co_await b;

  EXPECT_EQ(seen, (std::vector<AnyTask>{a, b, a, b}));
  EXPECT_TRUE(none_in_callback);
  EXPECT_EQ(current_task()->get_name(), "Task-1");
}

ASYNC_TEST(AllTasks, ListsThoseNotDoneInTheOrderOfTheirMaking) {  // B64
  const auto main = *current_task();
  const auto a = create_task(for_ever());
  const auto b = create_task(number(1));
  const auto c = create_task(for_ever());
  EXPECT_EQ(all_tasks(), (std::vector<AnyTask>{main, a, b, c}));

  co_await b;

  EXPECT_EQ(all_tasks(), (std::vector<AnyTask>{main, a, c}));
  EventLoop other(test::virtual_clock());
  EXPECT_TRUE(all_tasks(other).empty());
}

ASYNC_TEST(Task, IsMadeOfACallableItsArgumentsAndOptions) {
  const auto add = [](int a, int b) -> Coroutine<int> { co_return a + b; };

  const auto task = create_task(TaskOptions().name("sum"), add, 1, 2);

  EXPECT_EQ(task.get_name(), "sum");
  EXPECT_EQ(co_await task, 3);
}

ASYNC_TEST(Task, IsReportedWithTheLineThatMadeIt) {
  const Reports reports(get_running_loop());
  {
    (void)create_task(fail("oops"));
    const unsigned made_in = __LINE__ - 1;
    co_await pass(3);

    EXPECT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports.all()[0].created_at.line, made_in);
    EXPECT_TRUE(reports.all()[0].created_at.file.ends_with("task_test.cpp"));
    EXPECT_EQ(reports.all()[0].task_name, "Task-2");
  }
}

// --- Reports and exits ---

ASYNC_TEST(Task, ReportsAnErrorThatNobodyRetrievedOnce) {
  const Reports reports(get_running_loop());

  (void)create_task(fail("oops"));
  co_await pass(4);

  EXPECT_EQ(reports.texts(), Trace{"Task exception was never retrieved: std::runtime_error: oops"});
}

ASYNC_TEST(Task, ReportsNothingForAnErrorThatWasRetrievedOrACancel) {
  const Reports reports(get_running_loop());
  {
    const auto awaited = create_task(fail("oops"));
    const auto asked = create_task(fail("oops"));
    const auto cancelled = create_task(for_ever());
    cancelled.cancel();
    (void)co_await ending_of(awaited);
    co_await pass(3);
    (void)asked.exception();
  }

  EXPECT_EQ(reports.size(), 0U);
}

TEST(Task, StoresAnExitAndLeavesTheRunWithIt) {  // B49, B274
  EventLoop loop(test::virtual_clock());
  const Reports reports(loop);
  const auto work = []() -> Coroutine<void> {
    co_await sleep(1s);
    throw SystemExit(5);
  };
  {
    const Task<void> task = loop.create_task(work());

    EXPECT_EQ(throws([&] { loop.run_forever(); }), "SystemExit: 5");

    EXPECT_TRUE(task.done());
    EXPECT_EQ(describe(task.exception()), "SystemExit: 5");
  }
  EXPECT_EQ(reports.size(), 0U);
}

TEST(Task, ReportsNothingForAnExitOfTheTaskThatTheLoopWasRunFor) {  // B274
  EventLoop loop(test::virtual_clock());
  const Reports reports(loop);
  const auto work = []() -> Coroutine<int> {
    co_await sleep(1s);
    throw KeyboardInterrupt();
  };

  EXPECT_EQ(throws([&] { loop.run_until_complete(work()); }), "KeyboardInterrupt");

  bool ran = false;
  loop.call_soon([&] {
    ran = true;
    loop.stop();
  });
  loop.run_forever();
  EXPECT_TRUE(ran);
  EXPECT_EQ(reports.size(), 0U);
}

// --- What is refused when it is compiled ---

template <class T>
concept CanBecomeATask = requires(T value) { create_task(std::move(value)); };
template <class T>
concept CanBecomeAFuture = requires(T value) { ensure_future(std::move(value)); };

static_assert(CanBecomeATask<Coroutine<int>>);
static_assert(CanBecomeATask<decltype(sleep(0s))>);  // B40
static_assert(!CanBecomeATask<int>);                 // B35
static_assert(CanBecomeAFuture<decltype(sleep(0s))>);
static_assert(!CanBecomeAFuture<int>);  // B40

}  // namespace
}  // namespace asyncio
