#include "asyncio/combine/concurrency_limit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::now_ms;
using test::pass;
using test::Trace;

/// A log of the children that start, and of how many run at a time.
struct Log {
  Trace begun;
  int running = 0;
  int most = 0;

  Coroutine<int> child(int number, Duration delay) {
    begun.push_back(std::to_string(number));
    most = std::max(most, ++running);
    const Leaving leaving{running};
    co_await sleep(delay);
    co_return number;
  }
  Coroutine<int> failing(int number) {
    begun.push_back(std::to_string(number));
    co_await sleep(1s);
    throw std::runtime_error("oops");
  }
  std::vector<Coroutine<int>> children(int count, Duration delay) {
    std::vector<Coroutine<int>> made;
    for (int i = 0; i < count; ++i) made.push_back(child(i, delay));
    return made;
  }

  struct Leaving {
    int& running;
    explicit Leaving(int& r) : running(r) {}
    ~Leaving() { --running; }
  };
};

ASYNC_TEST(ConcurrencyLimit, RunsAtMostThatManyAtATimeAndStartsThemInOrder) {
  Log log;

  const auto values = co_await gather(ConcurrencyLimit(2), log.children(5, 1s));

  EXPECT_EQ(values, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(log.begun, (Trace{"0", "1", "2", "3", "4"}));
  EXPECT_EQ(log.most, 2);
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(ConcurrencyLimit, KeepsThePlacesFullWhenChildrenTakeDifferentTimes) {
  Log log;
  std::vector<Coroutine<int>> children;
  children.push_back(log.child(0, 5s));
  for (int i = 1; i < 6; ++i) children.push_back(log.child(i, 1s));

  (void)co_await gather(ConcurrencyLimit(2), std::move(children));

  EXPECT_EQ(now_ms(), 5000);
}

ASYNC_TEST(ConcurrencyLimit, TakesChildrenOfDifferentTypes) {
  Log log;
  const auto text = []() -> Coroutine<std::string> { co_return "text"; };

  const auto result = co_await gather(ConcurrencyLimit(1), log.child(1, 1s), text());
  const auto& [number, word] = result;

  EXPECT_EQ(number, 1);
  EXPECT_EQ(word, "text");
}

ASYNC_TEST(ConcurrencyLimit, RunsTheOtherChildrenAfterAnErrorEvenThoseNotStarted) {
  Log log;
  std::vector<Coroutine<int>> children;
  children.push_back(log.failing(0));
  for (int i = 1; i < 4; ++i) children.push_back(log.child(i, 1s));

  const std::string ending = co_await ending_of(gather(ConcurrencyLimit(1), std::move(children)));
  EXPECT_EQ(ending, "std::runtime_error: oops");
  EXPECT_EQ(now_ms(), 1000);

  co_await sleep(9s);
  EXPECT_EQ(log.begun, (Trace{"0", "1", "2", "3"}));
}

ASYNC_TEST(ConcurrencyLimit, ReturnsErrorsAsResultsOnRequest) {
  Log log;
  std::vector<Coroutine<int>> children;
  children.push_back(log.failing(0));
  children.push_back(log.child(1, 1s));

  const auto results = co_await gather(ConcurrencyLimit(1), return_exceptions, std::move(children));
  const auto mixed = co_await gather(ConcurrencyLimit(1), return_exceptions, log.failing(2));

  EXPECT_EQ(describe(results[0].error()), "std::runtime_error: oops");
  EXPECT_EQ(results[1].value(), 1);
  EXPECT_FALSE(std::get<0>(mixed).has_value());
}

ASYNC_TEST(ConcurrencyLimit, PassesACancelOnAndNeverStartsTheRest) {
  Log log;
  const auto gathered = gather(ConcurrencyLimit(2), log.children(5, 9s));
  co_await sleep(1s);

  gathered.cancel();
  const std::string ending = co_await ending_of(gathered);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(log.begun, (Trace{"0", "1"}));
  EXPECT_EQ(log.running, 0);
  EXPECT_EQ(now_ms(), 1000);
}

ASYNC_TEST(ConcurrencyLimit, StartsTheNextChildInTheNextTurn) {
  Log log;
  const auto first = get_running_loop().create_future<void>();
  const auto wait_for_it = [&]() -> Coroutine<int> {
    co_await first;
    co_return 0;
  };
  std::vector<Coroutine<int>> children;
  children.push_back(wait_for_it());
  children.push_back(log.child(1, 0s));
  const auto gathered = gather(ConcurrencyLimit(1), std::move(children));
  co_await pass(2);

  first.set_result();
  co_await pass(1);
  EXPECT_TRUE(log.begun.empty());
  co_await pass(1);
  EXPECT_EQ(log.begun, Trace{"1"});
  (void)co_await gathered;
}

ASYNC_TEST(ConcurrencyLimit, HandsThePlaceOfACancelledWaiterOn) {
  Trace trace;
  std::vector<AnyTask> tasks;
  const auto visit = [&](std::string name) -> Coroutine<void> {
    trace.push_back(name);
    co_await sleep(1s);
    if (name != "a") co_return;
    // In the turn after "a" ends, the task of "b" is woken and then cancelled.
    get_running_loop().call_soon([&] { tasks[1].cancel(); });
  };
  const auto gathered =
      gather(ConcurrencyLimit(1), return_exceptions, visit("a"), visit("b"), visit("c"));
  tasks = all_tasks();
  tasks.erase(tasks.begin());  // main

  const auto results = co_await gathered;

  EXPECT_EQ(trace, (Trace{"a", "c"}));
  EXPECT_TRUE(std::get<1>(results).cancelled());
}

TEST(ConcurrencyLimit, RefusesZero) {
  EXPECT_THROW(ConcurrencyLimit(0), ValueError);
}

}  // namespace
}  // namespace asyncio
