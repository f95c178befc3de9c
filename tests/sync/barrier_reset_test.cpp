// Barrier::reset() and Barrier::abort().

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "asyncio/sync/barrier.hpp"
#include "support/async_test.hpp"
#include "sync/barrier_support.hpp"

namespace asyncio {
namespace {

using test::arrive;
using test::ending_of;
using test::pass;
using test::places_of;
using test::Tasks;
using test::Trace;

const std::string kAborted = "BrokenBarrierError: Barrier aborted";
const std::string kBroken = "BrokenBarrierError: Abort or reset of barrier";

Coroutine<Trace> endings_of(Tasks& tasks) {
  Trace endings;
  for (const auto& task : tasks) endings.push_back(co_await ending_of(task));
  co_return endings;
}

ASYNC_TEST(Barrier, IsUnchangedByAResetWhileItIsEmpty) {  // B241
  Barrier barrier(2);
  Tasks tasks;

  co_await barrier.reset();
  EXPECT_EQ(to_string(barrier), "<Barrier [filling, waiters:0/2]>");
  co_await arrive(barrier, 2, tasks);
  const auto places = co_await places_of(tasks);

  EXPECT_EQ(places, (std::vector<std::size_t>{0, 1}));
}

ASYNC_TEST(Barrier, FailsItsWaitersWhenItIsResetAndIsUsableAgain) {  // B242
  Barrier barrier(3);
  Tasks tasks;
  Tasks again;
  co_await arrive(barrier, 2, tasks);

  co_await barrier.reset();
  EXPECT_EQ(to_string(barrier), "<Barrier [resetting, waiters:0/3]>");
  const Trace endings = co_await endings_of(tasks);
  EXPECT_EQ(endings, (Trace{kBroken, kBroken}));
  EXPECT_FALSE(barrier.broken());

  co_await arrive(barrier, 3, again);
  const auto places = co_await places_of(again);
  EXPECT_EQ(places, (std::vector<std::size_t>{0, 1, 2}));
}

ASYNC_TEST(Barrier, FailsOnlyTasksThatHaveNotLeftWhenItIsResetWhileItDrains) {  // B243
  Barrier barrier(3);
  Tasks tasks;
  co_await arrive(barrier, 4, tasks);  // three tasks, and one for the next round
  EXPECT_EQ(to_string(barrier), "<Barrier [draining, waiters:0/3]>");
  const Task<std::size_t> late = tasks.back();
  tasks.pop_back();

  co_await barrier.reset();
  const Trace endings = co_await endings_of(tasks);
  co_await pass(5);

  EXPECT_EQ(endings, (Trace{kBroken, kBroken, "ok"}));  // the last to arrive was the first to leave
  EXPECT_FALSE(late.done());
  EXPECT_EQ(to_string(barrier), "<Barrier [filling, waiters:1/3]>");
  late.cancel();
}

ASYNC_TEST(Barrier, FailsAllWaitersOnAnAbort) {  // B244
  Barrier barrier(3);
  Tasks tasks;
  co_await arrive(barrier, 2, tasks);

  co_await barrier.abort();
  const Trace endings = co_await endings_of(tasks);

  EXPECT_EQ(endings, (Trace{kBroken, kBroken}));
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0U);
}

ASYNC_TEST(Barrier, FailsLeavingAndBlockedTasksOnAnAbortToo) {  // B244
  Barrier barrier(3);
  Tasks tasks;
  co_await arrive(barrier, 4, tasks);
  EXPECT_EQ(to_string(barrier), "<Barrier [draining, waiters:0/3]>");

  co_await barrier.abort();
  const Trace endings = co_await endings_of(tasks);

  EXPECT_EQ(endings, (Trace{kBroken, kBroken, "ok", kAborted}));
  EXPECT_TRUE(barrier.broken());
}

ASYNC_TEST(Barrier, FailsEveryNewWaitAfterAnAbortUntilAReset) {  // B245
  Barrier barrier(2);
  Tasks tasks;
  co_await barrier.abort();

  const std::string first = co_await ending_of(barrier.wait());
  const std::string second = co_await ending_of(barrier.wait());
  EXPECT_EQ(first, kAborted);
  EXPECT_EQ(second, first);

  co_await barrier.reset();
  EXPECT_FALSE(barrier.broken());
  co_await arrive(barrier, 2, tasks);
  const auto places = co_await places_of(tasks);
  EXPECT_EQ(places, (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace asyncio
