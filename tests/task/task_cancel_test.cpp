// Cancelling tasks: rules 5 to 12 of the semantics.

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "asyncio/task/task.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
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

Coroutine<void> await_it(AnyFuture future) {
  co_await future;
}

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

ASYNC_TEST(TaskCancel, PassesDownAChainOfTasksAndUpOneTurnEach) {  // rule 8
  const TurnCount turns;
  std::vector<int> seen_at;
  const auto noting = [&](AnyFuture inner) -> Coroutine<void> {
    try {
      co_await inner;
    } catch (const CancelledError&) {
      seen_at.push_back(turns.now());
      throw;
    }
  };
  const auto leaf = create_task(noting(create_task(for_ever())));
  const auto middle = create_task(noting(leaf));
  const auto top = create_task(noting(middle));
  co_await pass(2);
  const int cancelled_at = turns.now();

  top.cancel();
  (void)co_await ending_of(top);

  // The innermost of all wakes one turn later, noting tasks one turn after one another.
  EXPECT_EQ(seen_at, (std::vector<int>{cancelled_at + 2, cancelled_at + 3, cancelled_at + 4}));
  EXPECT_EQ(turns.now(), cancelled_at + 5);
}

ASYNC_TEST(TaskCancel, CancelsAnAwaitedFutureInsideTheCall) {  // rule 8, B66
  const auto future = get_running_loop().create_future<void>();
  const auto task = create_task(await_it(future));
  co_await pass(1);

  task.cancel("now");

  EXPECT_TRUE(future.cancelled());
  EXPECT_FALSE(task.done());
  const std::string ending = co_await ending_of(task);
  EXPECT_EQ(ending, "CancelledError: now");
}

ASYNC_TEST(TaskCancel, FollowsTheCancelOfTheFutureItAwaits) {  // B68
  const auto future = get_running_loop().create_future<void>();
  const auto task = create_task(await_it(future));
  co_await pass(1);

  future.cancel("inner");
  task.cancel("outer");
  const std::string ending = co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(ending, "CancelledError: outer");
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

constexpr std::size_t kLongChain = 10'000;

std::vector<Task<void>> chain_of_tasks(LiveCount& count) {
  const auto await_next = [](AnyFuture next, Live /*live*/) -> Coroutine<void> { co_await next; };
  std::vector<Task<void>> chain{create_task(for_ever())};
  while (chain.size() < kLongChain) {
    chain.push_back(create_task(await_next(chain.back(), count.make())));
  }
  return chain;
}

ASYNC_TEST(TaskCancel, PassesThroughAVeryLongChainOfTasks) {
  LiveCount count;
  const auto chain = chain_of_tasks(count);
  co_await pass(1);

  chain.back().cancel("end");
  const std::string ending = co_await ending_of(chain.back());

  EXPECT_EQ(ending, "CancelledError: end");
  EXPECT_TRUE(chain.front().cancelled());
  EXPECT_EQ(count.alive(), 0);
}

TEST(TaskCancel, IsNotNeededToDestroyAVeryLongChainOfTasks) {
  LiveCount count;
  {
    EventLoop loop(test::virtual_clock());
    const test::Reports reports(loop);
    loop.call_soon([&] {
      (void)chain_of_tasks(count);
      loop.call_soon([&] { loop.stop(); });
    });
    loop.run_forever();
    EXPECT_GT(count.alive(), 0);
  }

  EXPECT_EQ(count.alive(), 0);
}

// --- uncancel: rule 12 ---

ASYNC_TEST(TaskUncancel, CountsRequestsAndNeverFallsBelowZero) {  // B79, B80
  const auto task = create_task(for_ever());
  co_await pass(1);
  EXPECT_EQ(task.cancelling(), 0);
  EXPECT_EQ(task.uncancel(), 0);

  task.cancel();
  task.cancel();

  EXPECT_EQ(task.cancelling(), 2);
  EXPECT_EQ(task.uncancel(), 1);
  EXPECT_EQ(task.uncancel(), 0);
  EXPECT_EQ(task.uncancel(), 0);
  (void)co_await ending_of(task);
  EXPECT_TRUE(task.cancelled());  // it had been delivered to the future already
}

ASYNC_TEST(TaskUncancel, WithdrawsACancelThatWasNotDelivered) {  // B82
  const auto work = []() -> Coroutine<int> {
    current_task()->cancel();
    current_task()->uncancel();
    co_await sleep(1s);
    co_return 3;
  };
  const auto other = []() -> Coroutine<int> { co_return 4; };
  const auto unborn = create_task(other());
  unborn.cancel();
  unborn.uncancel();

  const int first = co_await create_task(work());
  const int second = co_await unborn;

  EXPECT_EQ(first, 3);
  EXPECT_EQ(second, 4);
}

ASYNC_TEST(TaskUncancel, KeepsACancelWhileAnotherRequestIsLeft) {
  const auto work = []() -> Coroutine<void> {
    current_task()->cancel();
    current_task()->cancel();
    current_task()->uncancel();
    co_await sleep(1s);
  };

  const std::string ending = co_await ending_of(create_task(work()));

  EXPECT_EQ(ending, "CancelledError");
}

ASYNC_TEST(TaskUncancel, LeavesATaskThatCanBeCancelledAnew) {  // B81
  const auto work = []() -> Coroutine<void> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      current_task()->uncancel();
    }
    co_await sleep(1h);
  };
  const auto task = create_task(work());
  co_await pass(1);
  task.cancel();
  co_await pass(2);
  EXPECT_EQ(task.cancelling(), 0);

  task.cancel();
  (void)co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(task.cancelling(), 1);
}

// --- Cycles ---

TEST(TaskCancel, IsAnErrorWhenItComesRoundACycle) {
  LiveCount count;
  EventLoop loop(test::virtual_clock());
  const test::Reports reports(loop);
  std::optional<Task<void>> first;
  const auto await_first = [&](Live /*live*/) -> Coroutine<void> { co_await *first; };
  const auto second = loop.create_task(await_first(count.make()), TaskOptions().name("second"));
  const auto await_second = [&](Live /*live*/) -> Coroutine<void> { co_await second; };
  first = loop.create_task(await_second(count.make()), TaskOptions().name("first"));
  loop.stop();
  loop.run_forever();

  const std::string answer = throws([&] { first->cancel(); });

  EXPECT_TRUE(answer.starts_with("RuntimeError")) << answer;
  EXPECT_NE(answer.find("first"), std::string::npos) << answer;
  EXPECT_FALSE(first->done());
  loop.close();
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(TaskCancel, ThatMeetsACycleInsideAnAwaitIsAnErrorOfTheAwait) {
  const auto gate = get_running_loop().create_future<void>();
  std::optional<Task<void>> second;
  std::string ending;
  const auto await_second = [&]() -> Coroutine<void> {
    co_await gate;
    current_task()->cancel();
    ending = co_await ending_of(*second);
    co_await sleep(1s);  // the cancel is still to be delivered
  };
  const auto first = create_task(await_second(), "first");
  second = create_task(await_it(first), "second");
  co_await pass(1);

  gate.set_result();
  (void)co_await ending_of(*second);

  EXPECT_TRUE(ending.starts_with("RuntimeError")) << ending;
  EXPECT_TRUE(first.cancelled());
  EXPECT_TRUE(second->cancelled());
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

ASYNC_TEST(TaskCancel, OfABlockThatTakesItBackLeavesWhatFollowsUndisturbed) {  // B83
  const auto block = []() -> Coroutine<bool> {
    bool interrupted = false;
    current_task()->cancel();
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      interrupted = current_task()->uncancel() == 0;
    }
    co_return interrupted;
  };

  const bool interrupted = co_await block();
  co_await sleep(1s);

  EXPECT_TRUE(interrupted);
  EXPECT_EQ(current_task()->cancelling(), 0);
  EXPECT_EQ(now_ms(), 1000);
}

}  // namespace
}  // namespace asyncio
