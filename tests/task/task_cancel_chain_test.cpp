// Cancelling tasks that await each other, in chains and in cycles.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

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
using test::pass;
using test::throws;
using test::TurnCount;

ASYNC_TEST(TaskCancel, PassesDownAChainOfTasksAndBackUpOneTurnEach) {  // rule 8
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

  // The innermost task wakes one turn later, and each noting task one turn after the one it awaits.
  EXPECT_EQ(seen_at, (std::vector<int>{cancelled_at + 2, cancelled_at + 3, cancelled_at + 4}));
  EXPECT_EQ(turns.now(), cancelled_at + 5);
}

ASYNC_TEST(TaskCancel, CancelsAnAwaitedFutureAtOnce) {  // rule 8, B66
  const auto future = get_running_loop().create_future<void>();
  const auto task = create_task(await_it(future));
  co_await pass(1);

  task.cancel("now");

  EXPECT_TRUE(future.cancelled());
  EXPECT_FALSE(task.done());
  const std::string ending = co_await ending_of(task);
  EXPECT_EQ(ending, "CancelledError: now");
}

ASYNC_TEST(TaskCancel, OverridesTheMessageOfACancelledFuture) {  // B68
  const auto future = get_running_loop().create_future<void>();
  const auto task = create_task(await_it(future));
  co_await pass(1);

  future.cancel("inner");
  task.cancel("outer");
  const std::string ending = co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(ending, "CancelledError: outer");
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

TEST(TaskCancel, ThrowsInACycleOfTasks) {
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

ASYNC_TEST(TaskCancel, ThrowsFromAnAwaitThatClosesACycle) {
  const auto gate = get_running_loop().create_future<void>();
  std::optional<Task<void>> second;
  std::string ending;
  const auto await_second = [&]() -> Coroutine<void> {
    co_await gate;
    current_task()->cancel();
    ending = co_await ending_of(*second);
    co_await sleep(1s);  // where the cancel is delivered
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

}  // namespace
}  // namespace asyncio
