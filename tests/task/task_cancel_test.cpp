// Cancelling tasks: rules 5 to 12 of the semantics.

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>

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
using test::throws;
using test::Trace;
using test::TurnCount;

static_assert(!std::is_base_of_v<std::exception, CancelledError>);  // rule 5

ASYNC_TEST(TaskCancel, IsNotCaughtAsAStandardException) {  // rule 5
  bool swallowed = false;
  const auto work = [&]() -> Coroutine<void> {
    try {
      co_await sleep(1h);
    } catch (const std::exception&) {
      swallowed = true;
    }
  };
  const auto task = create_task(work());
  co_await pass(1);

  task.cancel();
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_FALSE(swallowed);
  EXPECT_TRUE(task.cancelled());
}

ASYNC_TEST(TaskCancel, ThrowsAtTheInnermostAwaitAndUnwindsEachLevel) {  // rule 6, B74
  Trace trace;
  const auto level = [&](auto self, int depth) -> Coroutine<void> {
    try {
      if (depth == 0) co_await sleep(1h);
      if (depth > 0) co_await self(self, depth - 1);
    } catch (const CancelledError& error) {
      trace.push_back(std::to_string(depth) + error.message());
      throw;
    }
  };
  const auto task = create_task(level(level, 2));
  co_await pass(1);

  task.cancel("!");
  (void)co_await ending_of(task);

  EXPECT_EQ(trace, (Trace{"0!", "1!", "2!"}));
  EXPECT_EQ(now_ms(), 0);  // B78
}

ASYNC_TEST(TaskCancel, LetsCleanUpAwaitAndEndsOnlyWithTheCoroutine) {  // rule 6
  const auto work = []() -> Coroutine<void> {
    std::exception_ptr error;
    try {
      co_await sleep(1h);
    } catch (...) {
      error = std::current_exception();
    }
    co_await sleep(3s);
    std::rethrow_exception(error);
  };
  const auto task = create_task(work());
  co_await pass(1);

  task.cancel();
  co_await sleep(1s);
  EXPECT_FALSE(task.done());
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(task.cancelling(), 1);
  (void)co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(TaskCancel, IsDeliveredOnceAndThenForgotten) {  // rule 7, B69, B70
  const auto work = []() -> Coroutine<int> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
    }
    co_await sleep(1s);  // not cancelled again
    co_return 9;
  };
  const auto task = create_task(work());
  co_await pass(1);

  task.cancel();
  const int value = co_await task;

  EXPECT_EQ(value, 9);
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(task.cancelling(), 1);
}

ASYNC_TEST(TaskCancel, KeepsABodyFromRunningWhenItComesFirst) {  // rule 9, B75
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

ASYNC_TEST(TaskCancel, OfTheRunningTaskCancelsTheNextPendingFutureItAwaits) {  // rule 9, B71
  const auto done = get_running_loop().create_future<int>();
  done.set_result(1);
  const auto pending = get_running_loop().create_future<void>();
  const TurnCount turns;
  const auto work = [&]() -> Coroutine<void> {
    current_task()->cancel("own");
    co_await done;
    co_await []() -> Coroutine<void> { co_return; }();
    EXPECT_EQ(turns.now(), 1);  // neither delivers it
    const std::string ending = co_await ending_of(pending);
    EXPECT_EQ(ending, "CancelledError: own");
    EXPECT_EQ(turns.now(), 2);
  };

  co_await create_task(work());

  EXPECT_TRUE(pending.cancelled());
}

ASYNC_TEST(TaskCancel, OfTheRunningTaskIsSeenOneTurnAfterASleepOfAnyLength) {  // rule 9
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

ASYNC_TEST(TaskCancel, OfTheRunningTaskCancelsAnotherTaskItAwaitsAndWhatThatAwaits) {  // B73
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

ASYNC_TEST(TaskCancel, BetweenWakeUpAndStepWinsOverTheResult) {  // rule 10, B125
  const auto future = get_running_loop().create_future<void>();
  const auto task = create_task(await_it(future));
  co_await pass(1);

  future.set_result();
  EXPECT_TRUE(task.cancel("late"));
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: late");
  EXPECT_FALSE(future.cancelled());
}

ASYNC_TEST(TaskCancel, BetweenWakeUpAndStepWinsOverTheErrorToo) {
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

ASYNC_TEST(TaskCancel, DuringTheLastStepDropsTheResult) {  // rule 11, B72
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

ASYNC_TEST(TaskCancel, DuringTheLastStepDoesNotHideAnError) {
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

ASYNC_TEST(TaskCancel, MakesATaskCancelledThatThrowsCancelledErrorItself) {
  const auto work = []() -> Coroutine<void> {
    co_await sleep(0s);
    throw CancelledError("own");
  };
  const auto task = create_task(work());

  const std::string ending = co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(ending, "CancelledError: own");
  EXPECT_EQ(task.cancelling(), 0);
}

ASYNC_TEST(TaskCancel, ReachesEveryAwaiterWithItsMessage) {  // B76
  const auto task = create_task(for_ever());
  const auto a = create_task(await_it(task));
  const auto b = create_task(await_it(task));
  co_await pass(1);

  task.cancel("all");
  const std::string first = co_await ending_of(a);
  const std::string second = co_await ending_of(b);

  EXPECT_EQ(first, "CancelledError: all");
  EXPECT_EQ(second, "CancelledError: all");
  EXPECT_EQ(throws([&] { (void)task.exception(); }), "CancelledError: all");
}

ASYNC_TEST(TaskCancel, UsesTheLastMessageOfSeveralRequestsBeforeAStep) {
  const auto task = create_task(for_ever());

  task.cancel("first");
  task.cancel("second");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: second");
}

ASYNC_TEST(TaskCancel, StaysAttachedToTheErrorItIsTurnedInto) {  // B77
  const auto turn = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      throw RuntimeError("turned", std::current_exception());
    }
  };
  const auto task = create_task(turn());
  co_await pass(1);

  task.cancel("why");
  std::string cause;
  try {
    co_await task;
  } catch (const RuntimeError& error) {
    cause = describe(error.cause());
  }

  EXPECT_EQ(cause, "CancelledError: why");
  EXPECT_FALSE(task.cancelled());
}

}  // namespace
}  // namespace asyncio
