// Awaiting a future.

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "asyncio/task/future.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::new_future;
using test::pass;
using test::Trace;

Coroutine<int> give(Future<int> future) {
  co_return co_await future;
}

ASYNC_TEST(Future, TakesNoTurnToAwaitOnceDone) {  // B14, SEMANTICS 4
  const auto future = new_future<int>();
  future.set_result(5);
  const test::TurnCount turns;

  const int first = co_await future;
  const int second = co_await future;

  EXPECT_EQ(first + second, 10);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Future, ResumesItsAwaiterOneTurnAfterTheResult) {  // B42, SEMANTICS 4
  const auto future = new_future<int>();
  const test::TurnCount turns;
  int set_at = 0;
  get_running_loop().call_soon([&] {
    future.set_result(8);
    set_at = turns.now();
  });

  const int value = co_await future;

  EXPECT_EQ(value, 8);
  EXPECT_EQ(turns.now(), set_at + 1);
}

ASYNC_TEST(Future, RunsNoCallbackInsideSetResult) {  // SEMANTICS 3
  const auto future = new_future<int>();
  Trace trace;
  future.add_done_callback([&] { trace.push_back("callback"); });

  future.set_result(1);
  trace.push_back("after set_result");
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"after set_result", "callback"}));
}

ASYNC_TEST(Future, WakesAwaitersAndCallbacksInOneOrder) {  // B19
  const auto future = new_future<int>();
  Trace trace;
  const auto await_it = [&](std::string name) -> Coroutine<void> {
    co_await future;
    trace.push_back(name);
  };
  const auto first = create_task(await_it("task 1"));
  co_await pass(1);
  future.add_done_callback([&] { trace.push_back("callback 1"); });
  const auto second = create_task(await_it("task 2"));
  co_await pass(1);
  future.add_done_callback([&] { trace.push_back("callback 2"); });

  future.set_result(1);
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"task 1", "callback 1", "task 2", "callback 2"}));
}

ASYNC_TEST(Future, GivesEachAwaiterACopyOfItsValue) {
  const auto future = new_future<std::vector<int>>();
  const auto size = [](Future<std::vector<int>> of) -> Coroutine<std::size_t> {
    const auto value = co_await of;
    co_return value.size();
  };
  const auto a = create_task(size(future));
  const auto b = create_task(size(future));
  co_await pass(1);

  future.set_result(std::vector<int>(3, 1));
  const std::size_t sum = co_await a + co_await b;

  EXPECT_EQ(sum, 6U);
  EXPECT_EQ(future.result().size(), 3U);
}

ASYNC_TEST(Future, MovesItsValueToTheLastHolder) {
  struct CountsCopies {
    explicit CountsCopies(int& count) : copies(&count) {}
    CountsCopies(const CountsCopies& other) : copies(other.copies) { ++*copies; }
    CountsCopies(CountsCopies&&) = default;
    CountsCopies& operator=(const CountsCopies&) = default;
    CountsCopies& operator=(CountsCopies&&) = default;
    int* copies;
  };
  int copies = 0;
  auto future = new_future<CountsCopies>();
  future.set_result(CountsCopies(copies));

  const CountsCopies value = co_await std::move(future);

  EXPECT_EQ(copies, 0);
  EXPECT_EQ(value.copies, &copies);
}

ASYNC_TEST(Future, ThrowsTheSameErrorToEachAwaiter) {  // B15
  const auto future = new_future<int>();
  const auto a = create_task(give(future));
  const auto b = create_task(give(future));
  co_await pass(1);

  future.set_exception(std::make_exception_ptr(std::runtime_error("oops")));
  const std::string first = co_await ending_of(a);
  const std::string second = co_await ending_of(b);

  EXPECT_EQ(first, "std::runtime_error: oops");
  EXPECT_EQ(second, "std::runtime_error: oops");
  EXPECT_EQ(a.exception(), b.exception());
}

ASYNC_TEST(Future, CanBeAwaitedWithoutItsType) {
  const auto future = new_future<int>();
  get_running_loop().call_later(1s, [&] { future.set_result(1); });

  co_await AnyFuture(future);

  EXPECT_TRUE(future.done());
}

}  // namespace
}  // namespace asyncio
