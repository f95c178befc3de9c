// Cancels at each moment of a task's life: rules 9 to 11 of the semantics.

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "asyncio/task/task.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::await_it;
using test::ending_of;
using test::for_ever;
using test::Live;
using test::LiveCount;
using test::now_ms;
using test::pass;
using test::TurnCount;

ASYNC_TEST(TaskCancel, PreventsATaskFromStarting) {  // rule 9, B75
  LiveCount count;
  bool begun = false;
  const auto work = [&](Live /*live*/) -> Coroutine<void> {
    begun = true;
    co_return;
  };
  const auto task = create_task(work(count.make()));

  EXPECT_TRUE(task.cancel("early"));
  EXPECT_FALSE(task.done());
  const std::string ending = co_await ending_of(task);

  EXPECT_FALSE(begun);
  EXPECT_EQ(ending, "CancelledError: early");
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(TaskCancel, CancelsTheNextPendingFutureOfTheRunningTask) {  // rule 9, B71
  const auto done = get_running_loop().create_future<int>();
  done.set_result(1);
  const auto pending = get_running_loop().create_future<void>();
  const TurnCount turns;
  const auto work = [&]() -> Coroutine<void> {
    current_task()->cancel("own");
    co_await done;
    co_await []() -> Coroutine<void> { co_return; }();
    EXPECT_EQ(turns.now(), 1);  // neither await delivers it
    const std::string ending = co_await ending_of(pending);
    EXPECT_EQ(ending, "CancelledError: own");
    EXPECT_EQ(turns.now(), 2);
  };

  co_await create_task(work());

  EXPECT_TRUE(pending.cancelled());
}

ASYNC_TEST(TaskCancel, EndsTheNextSleepOfTheRunningTaskAfterOneTurn) {  // rule 9
  const TurnCount turns;
  const auto work = [&](Duration delay) -> Coroutine<void> {
    const int before = turns.now();
    current_task()->cancel();
    const std::string ending = co_await ending_of(sleep(delay));
    EXPECT_EQ(ending, "CancelledError");
    EXPECT_EQ(turns.now(), before + 1);
  };

  co_await create_task(work(0s));
  co_await create_task(work(1h));

  EXPECT_EQ(now_ms(), 0);
}

ASYNC_TEST(TaskCancel, CancelsTheTaskThatTheRunningTaskAwaitsNext) {  // B73
  const auto future = get_running_loop().create_future<void>();
  const auto inner = create_task(await_it(future));
  co_await pass(1);
  const auto work = [&]() -> Coroutine<void> {
    current_task()->cancel();
    co_await inner;
  };

  const std::string ending = co_await ending_of(create_task(work()));

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_TRUE(inner.cancelled());
  EXPECT_TRUE(future.cancelled());
}

ASYNC_TEST(TaskCancel, OverridesAResultThatTheTaskHasNotSeen) {  // rule 10, B125
  const auto future = get_running_loop().create_future<void>();
  const auto task = create_task(await_it(future));
  co_await pass(1);

  future.set_result();
  EXPECT_TRUE(task.cancel("late"));
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: late");
  EXPECT_FALSE(future.cancelled());
}

ASYNC_TEST(TaskCancel, OverridesAnErrorThatTheTaskHasNotSeen) {
  const auto future = get_running_loop().create_future<void>();
  const auto task = create_task(await_it(future));
  co_await pass(1);

  future.set_exception(std::runtime_error("oops"));
  task.cancel();
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_NE(future.exception(), nullptr);
}

ASYNC_TEST(TaskCancel, ReachesASleeperWhoseTimerHasJustFired) {  // rule 10
  const auto sleeper = []() -> Coroutine<void> { co_await sleep(1s); };
  const auto task = create_task(sleeper());
  co_await pass(1);
  bool answer = false;
  get_running_loop().call_at(TimePoint(1s), [&] { answer = task.cancel("fired"); });

  const std::string ending = co_await ending_of(task);

  EXPECT_TRUE(answer);
  EXPECT_EQ(ending, "CancelledError: fired");
  EXPECT_EQ(now_ms(), 1000);
}

ASYNC_TEST(TaskCancel, DropsTheResultOfItsOwnStep) {  // rule 11, B72
  LiveCount count;
  const auto work = [&]() -> Coroutine<Live> {
    co_await sleep(0s);
    current_task()->cancel("last");
    co_return count.make();
  };
  const auto task = create_task(work());

  const std::string ending = co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(ending, "CancelledError: last");
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(TaskCancel, HidesNoErrorOfItsOwnStep) {
  const auto work = []() -> Coroutine<void> {
    co_await sleep(0s);
    current_task()->cancel();
    throw std::runtime_error("oops");
  };

  const std::string ending = co_await ending_of(create_task(work()));

  EXPECT_EQ(ending, "std::runtime_error: oops");
}

ASYNC_TEST(TaskCancel, IsRefusedOnlyOnceTheTaskIsDone) {  // rule 10, B65
  const auto task = create_task(for_ever());
  co_await pass(1);

  EXPECT_TRUE(task.cancel());
  EXPECT_TRUE(task.cancel());  // B79
  (void)co_await ending_of(task);

  EXPECT_FALSE(task.cancel());
  EXPECT_EQ(task.cancelling(), 2);
}

}  // namespace
}  // namespace asyncio
