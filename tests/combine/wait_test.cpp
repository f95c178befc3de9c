#include "asyncio/combine/wait.hpp"

#include <gtest/gtest.h>

#include <chrono>
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
using test::nap;
using test::now_ms;
using test::pass;
using test::Reports;

WaitOptions until(ReturnWhen when, TimeLimit timeout = std::nullopt) {
  WaitOptions options;
  options.return_when = when;
  options.timeout = timeout;
  return options;
}

using Naps = std::vector<Task<void>>;

ASYNC_TEST(Wait, ReturnsDoneAndPendingInTheGivenOrder) {  // B103
  const Naps tasks{create_task(nap(3s)), create_task(nap(1s)), create_task(nap(2s))};

  const auto result = co_await wait(tasks);

  EXPECT_EQ(result.done, tasks);
  EXPECT_TRUE(result.pending.empty());
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(Wait, ResumesTwoTurnsAfterTheLastEnd) {  // SEMANTICS 4
  const auto future = get_running_loop().create_future<void>();
  const std::vector<Future<void>> futures{future};
  const test::TurnCount turns;
  get_running_loop().call_soon([&] { future.set_result(); });

  (void)co_await wait(futures);
  EXPECT_EQ(turns.now(), 1 + 2);

  (void)co_await wait(futures);  // all are done, and it takes two turns nevertheless
  EXPECT_EQ(turns.now(), 3 + 2);
}

ASYNC_TEST(Wait, CountsAFutureThatIsPassedTwiceOnce) {  // B105
  const auto task = create_task(nap(1s));

  const auto result = co_await wait(Naps(3, task));

  EXPECT_EQ(result.done, Naps{task});
}

ASYNC_TEST(Wait, RefusesToWaitForNothing) {  // rule 16, B106
  const std::string ending = co_await ending_of(wait(Naps()));

  EXPECT_EQ(ending, "ValueError: Set of Tasks/Futures is empty.");
}

ASYNC_TEST(Wait, ReturnsAtTheFirstEndAndLeavesTheOthersRunning) {  // B107
  const Naps tasks{create_task(nap(3s)), create_task(nap(1s))};

  const auto result = co_await wait(tasks, until(ReturnWhen::first_completed));

  EXPECT_EQ(result.done, Naps{tasks[1]});
  EXPECT_EQ(result.pending, Naps{tasks[0]});
  EXPECT_EQ(now_ms(), 1000);
}

ASYNC_TEST(Wait, ReturnsAllFuturesThatEndedInTheTurnAsDone) {  // B108
  const Naps tasks{create_task(nap(1s)), create_task(nap(1s)), create_task(nap(2s))};

  const auto result = co_await wait(tasks, until(ReturnWhen::first_completed));

  EXPECT_EQ(result.done.size(), 2U);
}

ASYNC_TEST(Wait, ReturnsAtTheFirstErrorButNotAtACancel) {  // rule 16, B109
  const Naps tasks{create_task(nap(9s)), create_task(for_ever()), create_task(fail("oops", 2s))};
  tasks[1].cancel();

  const auto result = co_await wait(tasks, until(ReturnWhen::first_exception));

  EXPECT_EQ(result.done, (Naps{tasks[1], tasks[2]}));
  EXPECT_EQ(result.pending, Naps{tasks[0]});
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(Wait, ReturnsAtOnceForAFutureThatHasFailed) {  // B109
  const auto failed = create_task(fail("oops", 0s));
  co_await pass(3);
  const Naps tasks{failed, create_task(nap(9s))};

  const auto result = co_await wait(tasks, until(ReturnWhen::first_exception));

  EXPECT_EQ(result.done, Naps{failed});
  EXPECT_EQ(now_ms(), 0);
}

ASYNC_TEST(Wait, NeverThrowsTheErrorsOfItsFutures) {  // rule 16, B110
  const Reports reports(get_running_loop());
  {
    const Naps tasks{create_task(fail("oops", 1s)), create_task(nap(2s))};
    const auto result = co_await wait(tasks);
    EXPECT_EQ(result.done, tasks);
  }

  EXPECT_EQ(reports.size(), 1U);  // the error was never retrieved
}

ASYNC_TEST(Wait, ReturnsAtTheTimeoutWithoutCancelling) {  // rule 16, B111
  const Naps tasks{create_task(nap(1s)), create_task(nap(5s))};

  const auto result = co_await wait(tasks, until(ReturnWhen::all_completed, 2s));

  EXPECT_EQ(result.done, Naps{tasks[0]});
  EXPECT_EQ(result.pending, Naps{tasks[1]});
  EXPECT_EQ(now_ms(), 2000);
  co_await tasks[1];
  EXPECT_FALSE(tasks[1].cancelled());
}

ASYNC_TEST(Wait, TakesTwoTurnsWithATimeoutOfZero) {
  const Naps tasks{create_task(nap(0s)), create_task(for_ever())};
  const test::TurnCount turns;

  const auto result = co_await wait(tasks, until(ReturnWhen::all_completed, 0s));

  EXPECT_EQ(turns.now(), 2);
  EXPECT_EQ(result.done.size(), 1U);
}

ASYNC_TEST(Wait, LeavesTheFuturesAloneWhenItIsCancelled) {  // B113
  const Naps tasks{create_task(nap(3s))};
  const auto waiting = [&]() -> Coroutine<void> {
    (void)co_await wait(tasks, until(ReturnWhen::all_completed, 2s));
  };
  const auto waiter = create_task(waiting());
  co_await sleep(1s);

  waiter.cancel();
  const std::string ending = co_await ending_of(waiter);
  EXPECT_EQ(ending, "CancelledError");

  co_await tasks[0];
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(Wait, TakesFuturesOfAllTypesAsAnyFuture) {
  const auto future = get_running_loop().create_future<int>();
  get_running_loop().call_later(2s, [&] { future.set_result(1); });
  const std::vector<AnyFuture> mixed{create_task(nap(1s)), future};

  const auto result = co_await wait(mixed);

  EXPECT_EQ(result.done, mixed);
}

ASYNC_TEST(Wait, TakesNoTimeForTasksThatAreDone) {  // B104
  const Naps tasks{create_task(nap(1s)), create_task(nap(2s))};
  (void)co_await wait(tasks);

  const auto again = co_await wait(tasks);

  EXPECT_EQ(again.done, tasks);
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(Wait, TakesFuturesAsArguments) {
  const auto a = create_task(nap(2s));
  const auto b = create_task(nap(1s));

  const auto all = co_await wait(a, b);
  const auto first = co_await wait(until(ReturnWhen::first_completed), create_task(nap(9s)), a);

  EXPECT_EQ(all.done, (Naps{a, b}));
  EXPECT_EQ(first.done, Naps{a});
  EXPECT_EQ(first.pending.size(), 1U);
}

ASYNC_TEST(Wait, ReturnsItsArgumentsAsTheirCommonType) {
  const auto task = create_task(nap(1s));
  const auto future = get_running_loop().create_future<void>();
  const auto number = get_running_loop().create_future<int>();
  future.set_result();
  number.set_result(1);

  const auto futures = co_await wait(task, future);
  const auto mixed = co_await wait(task, future, number);

  static_assert(std::is_same_v<decltype(futures.done), std::vector<Future<void>>>);
  static_assert(std::is_same_v<decltype(mixed.done), std::vector<AnyFuture>>);
  EXPECT_EQ(futures.done.size(), 2U);
  EXPECT_EQ(mixed.done.size(), 3U);
}

template <class... Fs>
concept WaitableByName = requires(Fs... futures) { wait(futures...); };
static_assert(WaitableByName<Task<void>, Task<void>>);
static_assert(!WaitableByName<Task<void>>);  // B106: a single task is no collection

ASYNC_TEST(Wait, NamesTheTasksItWaitsFor) {
  const Naps tasks{create_task(nap(1s), "a"), create_task(nap(3s), "b"), create_task(nap(3s), "c")};
  const auto waiting = create_task(wait(tasks));
  co_await sleep(2s);

  const std::string waits_for = test::waits_for(waiting);
  (void)co_await waiting;

  EXPECT_EQ(waits_for, "wait() of b, c");
}

TEST(Wait, IsDestroyedSafelyWithItsLoop) {
  test::LiveCount count;
  const auto never = [](test::Live) { return for_ever(); };
  {
    EventLoop loop(test::virtual_clock());
    const Reports reports(loop);
    const auto main = [&]() -> Coroutine<void> {
      auto live = count.make();
      const Naps tasks(1, create_task(never, std::move(live)));
      (void)co_await wait(tasks, until(ReturnWhen::all_completed, 1h));
    };
    const auto task = loop.create_task(main());
    loop.call_later(1s, [&] { loop.stop(); });
    loop.run_forever();
  }
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Wait, RefusesAnEmptyHandle) {
  const std::vector<Task<int>> tasks(2);

  const std::string refusal = co_await ending_of(wait(tasks));

  EXPECT_TRUE(refusal.starts_with("RuntimeError")) << refusal;
}

}  // namespace
}  // namespace asyncio
