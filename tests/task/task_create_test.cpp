// Creating tasks, their names, and the functions that find them.

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "asyncio/task/task.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::for_ever;
using test::Live;
using test::LiveCount;
using test::throws;

Coroutine<int> numbered(int value) {
  co_await sleep(0s);
  co_return value;
}

ASYNC_TEST(Task, CanBeMadeFromACallableArgumentsAndOptions) {
  const auto add = [](int a, int b) -> Coroutine<int> { co_return a + b; };

  const auto task = create_task(TaskOptions().name("sum"), add, 1, 2);

  EXPECT_EQ(task.get_name(), "sum");
  EXPECT_EQ(co_await task, 3);
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

ASYNC_TEST(Task, IsNumberedInCreationOrderUnlessNamed) {  // B52, B53
  const auto first = create_task(numbered(1));
  const auto named = create_task(numbered(1), "mine");
  const auto second = create_task(numbered(1));

  EXPECT_EQ(first.get_name(), "Task-2");  // main is Task-1
  EXPECT_EQ(named.get_name(), "mine");
  EXPECT_EQ(second.get_name(), "Task-3");

  first.set_name("changed");
  co_await first;
  EXPECT_EQ(first.get_name(), "changed");
}

TEST(Task, NeedsARunningLoop) {  // B37
  EXPECT_EQ(throws([] { (void)create_task(numbered(1)); }), "RuntimeError: no running event loop");
  EXPECT_EQ(throws([] { (void)current_task(); }), "RuntimeError: no running event loop");
  EXPECT_EQ(throws([] { (void)all_tasks(); }), "RuntimeError: no running event loop");
}

ASYNC_TEST(Task, IsReturnedByEnsureFuture) {  // B37, B38
  const Task<int> task = create_task(numbered(1));
  const Future<int> future = get_running_loop().create_future<int>();

  const Task<int> same_task = ensure_future(task);
  const Future<int> same_future = ensure_future(future, get_running_loop());
  const Task<int> fresh = ensure_future(numbered(2));

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

ASYNC_TEST(CurrentTask, IsTheTaskWhoseStepRuns) {  // B61, B62
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

ASYNC_TEST(AllTasks, ListsUnfinishedTasksInCreationOrder) {  // B64
  const auto main = *current_task();
  const auto a = create_task(for_ever());
  const auto b = create_task(numbered(1));
  const auto c = create_task(for_ever());
  EXPECT_EQ(all_tasks(), (std::vector<AnyTask>{main, a, b, c}));

  co_await b;

  EXPECT_EQ(all_tasks(), (std::vector<AnyTask>{main, a, c}));
  EventLoop other(test::virtual_clock());
  EXPECT_TRUE(all_tasks(other).empty());
}

// --- Rejected at compile time ---

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
