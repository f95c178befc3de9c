#include "asyncio/sync/barrier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "support/async_test.hpp"
#include "sync/barrier_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::arrive;
using test::ending_of;
using test::pass;
using test::places_of;
using test::Tasks;
using test::throws;
using test::Trace;
using test::TurnCount;

static_assert(std::is_base_of_v<RuntimeError, BrokenBarrierError>);
static_assert(!std::is_copy_constructible_v<Barrier>);

TEST(Barrier, RefusesLessThanOneParty) {  // B234
  EXPECT_EQ(throws([] { const Barrier barrier(0); }), "ValueError: parties must be >= 1");
  EXPECT_EQ(throws([] { const Barrier barrier(-4); }), "ValueError: parties must be >= 1");
  EXPECT_EQ(Barrier(1).parties(), 1U);
}

ASYNC_TEST(Barrier, LetsAllPassWithDistinctPlacesWhenTheLastOneArrives) {  // B235
  Barrier barrier(3);
  Tasks tasks;
  co_await arrive(barrier, 2, tasks);
  co_await sleep(1s);
  EXPECT_FALSE(tasks[0].done());
  EXPECT_FALSE(tasks[1].done());

  const std::size_t last = co_await barrier.wait();
  const auto places = co_await places_of(tasks);

  EXPECT_EQ(last, 2U);
  EXPECT_EQ(places, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(barrier.n_waiting(), 0U);
  EXPECT_FALSE(barrier.broken());
}

ASYNC_TEST(Barrier, ResumesItsWaitersInTheTurnAfterTheLastArrival) {  // rule 21
  Barrier barrier(4);
  Tasks tasks;
  co_await arrive(barrier, 3, tasks);
  Trace trace;
  for (const auto& task : tasks) task.add_done_callback([&] { trace.push_back("through"); });

  (void)co_await barrier.wait();
  EXPECT_FALSE(tasks[0].done());
  co_await pass(1);
  for (const auto& task : tasks) EXPECT_TRUE(task.done());
  EXPECT_EQ(trace, Trace{});
  co_await pass(1);

  EXPECT_EQ(trace.size(), 3U);
}

ASYNC_TEST(Barrier, LetsEachTaskPassAtOnceForOneParty) {  // B236
  Barrier barrier(1);
  const TurnCount turns;

  for (int i = 0; i < 3; ++i) {
    const std::size_t place = co_await barrier.wait();
    EXPECT_EQ(place, 0U);
    EXPECT_EQ(barrier.n_waiting(), 0U);
  }

  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Barrier, CountsTheWaitersWhileItFills) {  // B237
  Barrier barrier(3);
  Tasks tasks;
  EXPECT_EQ(barrier.n_waiting(), 0U);

  co_await arrive(barrier, 1, tasks);
  EXPECT_EQ(barrier.n_waiting(), 1U);
  co_await arrive(barrier, 1, tasks);
  EXPECT_EQ(barrier.n_waiting(), 2U);
  co_await arrive(barrier, 1, tasks);
  EXPECT_EQ(barrier.n_waiting(), 0U);

  (void)co_await places_of(tasks);
  EXPECT_EQ(barrier.n_waiting(), 0U);
  EXPECT_EQ(to_string(barrier), "<Barrier [filling, waiters:0/3]>");
}

ASYNC_TEST(Barrier, CanBePassedAgainAndAgainByTheSameTasks) {  // B238
  Barrier barrier(3);
  std::vector<int> rounds(3, 0);
  const auto work = [&](std::size_t number) -> Coroutine<void> {
    for (int round = 0; round < 4; ++round) {
      EXPECT_EQ(rounds[number], round);
      co_await barrier.wait();
      ++rounds[number];
      // No task is more than one round ahead of another.
      const auto [least, most] = std::minmax_element(rounds.begin(), rounds.end());
      EXPECT_LE(*most - *least, 1);
    }
  };
  std::vector<Task<void>> tasks;
  for (std::size_t i = 0; i < 3; ++i) tasks.push_back(create_task(work(i)));

  for (const auto& task : tasks) co_await task;

  EXPECT_EQ(rounds, (std::vector<int>{4, 4, 4}));
}

ASYNC_TEST(Barrier, MakesTasksThatArriveWhileItDrainsWaitForTheNextRound) {  // B239
  Barrier barrier(2);
  Tasks first;
  Tasks second;
  co_await arrive(barrier, 2, first);
  EXPECT_EQ(to_string(barrier), "<Barrier [draining, waiters:0/2]>");

  co_await arrive(barrier, 2, second);
  (void)co_await places_of(first);
  const auto places = co_await places_of(second);

  EXPECT_EQ(places, (std::vector<std::size_t>{0, 1}));
}

ASYNC_TEST(Barrier, HoldsALatecomerBackUntilItHasDrained) {  // B239
  Barrier barrier(2);
  Tasks first;
  Tasks late;
  co_await arrive(barrier, 2, first);

  co_await arrive(barrier, 1, late);
  (void)co_await places_of(first);
  co_await pass(5);

  EXPECT_FALSE(late[0].done());
  EXPECT_EQ(barrier.n_waiting(), 1U);
  const std::size_t place = co_await barrier.wait();
  EXPECT_EQ(place, 1U);
}

ASYNC_TEST(Barrier, DoesNotCountACancelledWaiterAndStaysUnbroken) {  // B240
  Barrier barrier(3);
  Tasks tasks;
  Tasks more;
  co_await arrive(barrier, 2, tasks);

  tasks[0].cancel();
  const std::string ending = co_await ending_of(tasks[0]);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(barrier.n_waiting(), 1U);
  EXPECT_FALSE(barrier.broken());
  co_await arrive(barrier, 2, more);
  (void)co_await places_of(more);
  EXPECT_TRUE(tasks[1].done());
}

TEST(Barrier, RefusesASecondLoopAsSoonAsATaskHasToWaitThere) {  // B206
  Barrier barrier(2);
  const auto wait_a_second = [&]() -> Coroutine<std::string> {
    co_return co_await ending_of(wait_for(barrier.wait(), 1s));
  };

  const std::string first = test::run_virtual(wait_a_second());
  const std::string second = test::run_virtual(wait_a_second());

  EXPECT_EQ(first, test::kTimedOut);
  EXPECT_EQ(second, "RuntimeError: <Condition [locked]> is bound to a different event loop");
  EXPECT_EQ(barrier.n_waiting(), 0U);
}

ASYNC_TEST(Barrier, ShowsItsPhaseAndHowManyPartiesWait) {  // B246
  Barrier barrier(3);
  Tasks tasks;
  EXPECT_EQ(to_string(barrier), "<Barrier [filling, waiters:0/3]>");
  co_await arrive(barrier, 2, tasks);
  EXPECT_EQ(to_string(barrier), "<Barrier [filling, waiters:2/3]>");
  co_await arrive(barrier, 1, tasks);
  EXPECT_EQ(to_string(barrier), "<Barrier [draining, waiters:0/3]>");
  (void)co_await places_of(tasks);

  co_await barrier.abort();
  EXPECT_EQ(to_string(barrier), "<Barrier [broken]>");
}

}  // namespace
}  // namespace asyncio
