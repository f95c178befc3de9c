#include "asyncio/combine/gather.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::Live;
using test::LiveCount;
using test::new_future;
using test::now_ms;
using test::pass;
using test::throws;
using test::TurnCount;

Coroutine<int> number(int value, Duration delay = Duration::zero()) {
  co_await sleep(delay);
  co_return value;
}
Coroutine<void> nothing() {
  co_await sleep(0s);
}

// --- Results ---

ASYNC_TEST(Gather, ReturnsTheResultsInTheOrderOfTheArguments) {  // rule 13, B88
  const auto [a, b, c] = co_await gather(number(1, 3s), number(2, 1s), number(3, 2s));

  EXPECT_EQ(a, 1);
  EXPECT_EQ(b, 2);
  EXPECT_EQ(c, 3);
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(Gather, TakesCoroutinesTasksAndFuturesOfAllTypes) {
  int target = 5;
  const auto refer = [](int& value) -> Coroutine<int&> { co_return value; };
  const auto make = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(4); };
  const auto future = new_future<std::string>();
  future.set_result("text");

  auto outcome = co_await gather(nothing(), create_task(number(1)), future, refer(target), make());

  static_assert(std::is_same_v<std::tuple_element_t<0, decltype(outcome)>, std::monostate>);
  EXPECT_EQ(std::get<1>(outcome), 1);
  EXPECT_EQ(std::get<2>(outcome), "text");
  EXPECT_EQ(&std::get<3>(outcome).get(), &target);
  EXPECT_EQ(*std::get<4>(outcome), 4);
}

ASYNC_TEST(Gather, TakesAVectorOfOneType) {
  std::vector<Coroutine<int>> work;
  for (int i = 0; i < 5; ++i) work.push_back(number(i, (5 - i) * 1s));

  const std::vector<int> values = co_await gather(std::move(work));

  EXPECT_EQ(values, (std::vector<int>{0, 1, 2, 3, 4}));
}

template <class... Args>
constexpr bool kGathers = requires(Args... args) { gather(std::forward<Args>(args)...); };
static_assert(kGathers<std::vector<Coroutine<int>>> && kGathers<std::vector<Task<int>>&>);
static_assert(!kGathers<std::vector<Coroutine<int>>&>);
static_assert(kGathers<ReturnExceptions, std::vector<Coroutine<int>>>);
static_assert(!kGathers<ReturnExceptions, std::vector<Coroutine<int>>&>);

ASYNC_TEST(Gather, TakesVectorsOfVoidReferencesAndMoveOnlyTypes) {
  int target = 5;
  const auto refer = [](int& value) -> Coroutine<int&> { co_return value; };
  const auto make = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(4); };
  std::vector<Coroutine<void>> nothings;
  std::vector<Coroutine<int&>> references;
  std::vector<Coroutine<std::unique_ptr<int>>> pointers;
  for (int i = 0; i < 2; ++i) {
    nothings.push_back(nothing());
    references.push_back(refer(target));
    pointers.push_back(make());
  }

  co_await gather(std::move(nothings));
  const auto targets = co_await gather(std::move(references));
  const auto moved = co_await gather(std::move(pointers));

  EXPECT_EQ(&targets[1].get(), &target);
  EXPECT_EQ(*moved[1], 4);
}

ASYNC_TEST(Gather, RunsAFutureThatIsPassedTwiceOnceAndReturnsItTwice) {  // rule 13, B101
  int runs = 0;
  const auto work = [&]() -> Coroutine<int> {
    ++runs;
    co_await sleep(0s);
    co_return 7;
  };
  const auto task = create_task(work());

  const auto [a, b, c] = co_await gather(task, number(1), task);
  const std::vector<int> again = co_await gather(std::vector<Task<int>>(3, task));

  EXPECT_EQ(runs, 1);
  EXPECT_EQ(a + b + c, 15);
  EXPECT_EQ(again, std::vector<int>(3, 7));
}

ASYNC_TEST(Gather, IsDoneAtOnceWithoutArguments) {  // rule 13, B97
  const auto none = gather();
  const auto empty = gather(std::vector<Task<int>>());
  const auto results = gather(return_exceptions, std::vector<Task<void>>());

  EXPECT_TRUE(none.done());
  EXPECT_TRUE(empty.done());
  EXPECT_TRUE(empty.result().empty());
  EXPECT_TRUE(results.result().empty());
  co_return;
}

ASYNC_TEST(Gather, StartsAtOnceAndMayBeAwaitedLater) {  // rule 13
  const auto all = gather(number(1, 1s), number(2, 2s));
  co_await sleep(5s);

  EXPECT_TRUE(all.done());
  const auto [a, b] = co_await all;
  EXPECT_EQ(a + b, 3);
  EXPECT_EQ(now_ms(), 5000);
}

ASYNC_TEST(Gather, LeavesNothingAlive) {
  LiveCount count;
  const auto hold = [](Live live, Duration delay) -> Coroutine<Live> {
    co_await sleep(delay);
    co_return live;
  };
  {
    auto outcome = co_await gather(hold(count.make(), 1s), hold(count.make(), 2s));
    EXPECT_EQ(count.alive(), 2);
  }

  EXPECT_EQ(count.alive(), 0);
}

// --- Turns ---

ASYNC_TEST(Gather, ResumesItsAwaiterTwoTurnsAfterTheLastChildsEnd) {  // SEMANTICS 4
  const auto first = new_future();
  const auto last = new_future();
  const TurnCount turns;
  get_running_loop().call_soon([&] {
    first.set_result(1);
    last.set_result(2);
  });

  co_await gather(first, last);

  EXPECT_EQ(turns.now(), 1 + 2);
}

ASYNC_TEST(Gather, IsDoneInsideTheCallWhenAllChildrenAreDone) {  // SEMANTICS 4
  const auto first = new_future();
  const auto second = new_future();
  first.set_result(1);
  second.set_result(2);

  const auto all = gather(first, second);

  EXPECT_TRUE(all.done());
  EXPECT_EQ(all.result(), (std::tuple<int, int>(1, 2)));
  co_return;
}

ASYNC_TEST(Gather, FailsInsideTheCallForAChildThatHasFailed) {  // SEMANTICS 4
  const auto failed = new_future();
  const auto pending = new_future();
  failed.set_exception(std::runtime_error("oops"));

  const auto all = gather(pending, failed);

  EXPECT_TRUE(all.done());
  EXPECT_EQ(describe(all.exception()), "std::runtime_error: oops");
  EXPECT_FALSE(pending.done());
  pending.cancel();
  co_return;
}

// --- Loops ---

TEST(Gather, NeedsARunningLoopForCoroutinesAndWithoutArguments) {  // B97, B100
  EXPECT_EQ(throws([] { (void)gather(number(1)); }), "RuntimeError: no running event loop");
  EXPECT_EQ(throws([] { (void)gather(); }), "RuntimeError: no running event loop");
}

TEST(Gather, BelongsToTheLoopOfItsFutures) {  // B99
  EventLoop loop(test::virtual_clock());
  const auto future = loop.create_future<int>();

  const auto all = gather(future);
  future.set_result(1);

  EXPECT_EQ(&all.get_loop(), &loop);
  EXPECT_EQ(loop.run_until_complete(all), std::tuple<int>(1));
}

TEST(Gather, RefusesFuturesOfDifferentLoops) {  // B98
  EventLoop loop(test::virtual_clock());
  EventLoop other(test::virtual_clock());

  EXPECT_THROW((void)gather(loop.create_future<int>(), other.create_future<int>()), ValueError);
}

Coroutine<int> leaf() {
  co_return 1;
}
/// Returns the sum over a tree in which each node gathers its children.
Coroutine<int> sum_of_tree(int depth) {
  if (depth == 0) co_return co_await leaf();
  std::vector<Coroutine<int>> children;
  for (int i = 0; i < 5; ++i) children.push_back(sum_of_tree(depth - 1));
  int sum = 0;
  for (const int part : co_await gather(std::move(children))) sum += part;
  co_return sum;
}

ASYNC_TEST(Gather, MakesExactlyOneTaskPerChild) {  // B197
  int made = 0;
  get_running_loop().set_task_factory([&](TaskOptions&) { ++made; });

  const int sum = co_await create_task(sum_of_tree(4));
  get_running_loop().set_task_factory(nullptr);  // the shutdown creates a task too

  EXPECT_EQ(sum, 625);
  EXPECT_EQ(made, 781);
}

ASYNC_TEST(Gather, SchedulesNoEagerChildrenThatNeverSuspend) {  // B197
  get_running_loop().set_task_factory(eager_task_factory);

  const auto tree = create_task(sum_of_tree(4));

  EXPECT_TRUE(tree.done());
  EXPECT_EQ(co_await tree, 625);
}

// --- Descriptions of waits ---

ASYNC_TEST(Gather, NamesTheChildrenItWaitsFor) {
  const auto plain = new_future();
  const auto gathered = gather(number(1, 1s), number(2, 3s), plain);
  const auto await_it = [&]() -> Coroutine<void> { (void)co_await gathered; };
  const auto waiting = create_task(await_it());
  co_await sleep(2s);

  const std::string waits_for = test::waits_for(waiting);
  plain.set_result(3);
  co_await waiting;

  EXPECT_TRUE(waits_for.starts_with("gather() of Task-3, a future")) << waits_for;
}

ASYNC_TEST(Gather, NamesTheChildrenThatANestedGatherWaitsFor) {
  const auto a = create_task(number(1, 1s), "a");
  const auto outer = gather(gather(a, number(2)), number(3));
  co_await pass(3);

  EXPECT_EQ(outer.state()->describe(), "gather() of gather() of a");
  (void)co_await outer;
}

}  // namespace
}  // namespace asyncio
