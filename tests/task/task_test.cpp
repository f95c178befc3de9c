#include "asyncio/task/task.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail;
using test::Live;
using test::LiveCount;
using test::pass;
using test::Reports;
using test::Trace;

static_assert(std::is_base_of_v<Future<int>, Task<int>>);  // B33
static_assert(std::is_convertible_v<Task<int>, AnyTask>);

Coroutine<int> number(int value) {
  co_await sleep(0s);
  co_return value;
}

ASYNC_TEST(Task, RunsItsCoroutineAndReturnsItsResult) {  // B32, B36
  const Task<int> task = create_task(number(4));
  EXPECT_FALSE(task.done());
  EXPECT_TRUE(task.is_task());
  EXPECT_EQ(&task.get_loop(), &get_running_loop());  // B34

  const int value = co_await task;

  EXPECT_EQ(value, 4);
  EXPECT_EQ(task.result(), 4);
}

ASYNC_TEST(Task, StartsOneTurnAfterItsCreation) {  // SEMANTICS 4
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

ASYNC_TEST(Task, TakesTurnsWithOthersInCreationOrder) {
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

ASYNC_TEST(Task, KeepsRunningWhenItsHandleIsDropped) {
  bool ended = false;
  const auto work = [&]() -> Coroutine<void> {
    co_await sleep(1s);
    ended = true;
  };

  (void)create_task(work());
  co_await sleep(2s);

  EXPECT_TRUE(ended);
}

ASYNC_TEST(Task, DestroysItsCoroutineBeforeItsAwaiterResumes) {
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

ASYNC_TEST(Task, FailsIfMovingItsResultThrows) {
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

ASYNC_TEST(Task, CarriesReferencesMoveOnlyValuesAndVoid) {
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

ASYNC_TEST(Task, ReturnsAFutureAsAValue) {  // B41
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

ASYNC_TEST(Task, CanAwaitADoneFutureOfAnotherLoop) {
  EventLoop other(test::virtual_clock());
  const auto future = other.create_future<int>();
  future.set_result(3);

  const int value = co_await future;

  EXPECT_EQ(value, 3);
}

ASYNC_TEST(Task, IsReportedWithTheLineThatCreatedIt) {
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

}  // namespace
}  // namespace asyncio
