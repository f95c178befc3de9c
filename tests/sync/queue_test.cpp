#include "asyncio/sync/queue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "support/async_test.hpp"
#include "sync/queue_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::drain;
using test::ending_of;
using test::get_into;
using test::pass;
using test::put_from;
using test::throws;
using test::Trace;
using test::TurnCount;

static_assert(!std::is_copy_constructible_v<Queue<int>>);
static_assert(std::is_base_of_v<Queue<int>, LifoQueue<int>>);
static_assert(std::is_base_of_v<Queue<int>, PriorityQueue<int>>);

const std::string kEmpty = "QueueEmpty: the queue is empty";
const std::string kFull = "QueueFull: the queue is full";

ASYNC_TEST(Queue, GivesItemsFirstInFirstOut) {  // B247
  Queue<int> queue;
  for (const int item : {1, 3, 2}) co_await queue.put(item);

  EXPECT_EQ(drain(queue), (std::vector<int>{1, 3, 2}));
}

ASYNC_TEST(LifoQueue, GivesTheNewestItemFirst) {  // B247
  LifoQueue<int> queue;
  for (const int item : {1, 3, 2}) co_await queue.put(item);

  EXPECT_EQ(drain(queue), (std::vector<int>{2, 3, 1}));
}

ASYNC_TEST(PriorityQueue, GivesTheSmallestItemFirst) {  // B247
  PriorityQueue<int> queue;
  for (const int item : {5, 1, 4, 2, 3, 1}) co_await queue.put(item);

  EXPECT_EQ(drain(queue), (std::vector<int>{1, 1, 2, 3, 4, 5}));
}

ASYNC_TEST(PriorityQueue, TakesACustomOrder) {
  PriorityQueue<int, std::greater<>> queue;
  for (const int item : {2, 5, 1}) co_await queue.put(item);

  EXPECT_EQ(drain(queue), (std::vector<int>{5, 2, 1}));
}

ASYNC_TEST(Queue, ReportsItsSizeAndItsBound) {  // B248
  Queue<int> queue(2);
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.full());
  EXPECT_EQ(queue.maxsize(), 2);

  co_await queue.put(1);
  EXPECT_FALSE(queue.empty());
  EXPECT_FALSE(queue.full());
  EXPECT_EQ(queue.qsize(), 1U);

  co_await queue.put(2);
  EXPECT_TRUE(queue.full());
  EXPECT_EQ(queue.qsize(), 2U);
}

ASYNC_TEST(Queue, IsNeverFullWithoutABound) {  // B248
  Queue<int> unbounded;
  Queue<int> negative(-3);
  const TurnCount turns;

  for (int i = 0; i < 1000; ++i) {
    co_await unbounded.put(i);
    co_await negative.put(i);
  }

  EXPECT_FALSE(unbounded.full());
  EXPECT_FALSE(negative.full());
  EXPECT_EQ(unbounded.maxsize(), 0);
  EXPECT_EQ(negative.qsize(), 1000U);
  EXPECT_EQ(turns.now(), 0);
}

TEST(Queue, FailsAtOnceWithoutWaiting) {  // B250
  Queue<int> queue(1);
  EXPECT_EQ(throws([&] { (void)queue.get_nowait(); }), kEmpty);
  queue.put_nowait(1);

  EXPECT_EQ(throws([&] { queue.put_nowait(2); }), kFull);

  EXPECT_EQ(queue.get_nowait(), 1);
  EXPECT_EQ(throws([&] { (void)queue.get_nowait(); }), kEmpty);
}

ASYNC_TEST(Queue, CarriesMoveOnlyItems) {
  Queue<std::unique_ptr<int>> queue(1);
  const auto produce = [&]() -> Coroutine<void> {
    for (int i = 1; i <= 3; ++i) co_await queue.put(std::make_unique<int>(i));
  };
  const auto producer = create_task(produce());

  for (int i = 1; i <= 3; ++i) {
    const std::unique_ptr<int> item = co_await queue.get();
    EXPECT_EQ(*item, i);
  }
  co_await producer;
}

ASYNC_TEST(PriorityQueue, CarriesMoveOnlyItems) {
  const auto less = [](const auto& a, const auto& b) { return *a < *b; };
  PriorityQueue<std::unique_ptr<int>, decltype(less)> queue(0, less);
  for (const int item : {3, 1, 2}) co_await queue.put(std::make_unique<int>(item));

  for (int i = 1; i <= 3; ++i) {
    const std::unique_ptr<int> item = co_await queue.get();
    EXPECT_EQ(*item, i);
  }
}

TEST(Queue, RefusesMoreCallsOfTaskDoneThanOfPut) {  // B259
  Queue<int> queue;
  EXPECT_EQ(throws([&] { queue.task_done(); }), "ValueError: task_done() called too many times");
  queue.put_nowait(1);

  queue.task_done();

  EXPECT_EQ(throws([&] { queue.task_done(); }), "ValueError: task_done() called too many times");
}

ASYNC_TEST(Queue, JoinsWhenEveryItemIsDone) {  // B260
  Queue<int> queue;
  int sum = 0;
  const auto work = [&]() -> Coroutine<void> {
    for (;;) {
      const int item = co_await queue.get();
      co_await sleep(1s);
      sum += item;
      queue.task_done();
    }
  };
  for (int i = 1; i <= 10; ++i) queue.put_nowait(i);
  const auto a = create_task(work());
  const auto b = create_task(work());

  co_await queue.join();

  EXPECT_EQ(sum, 55);
  EXPECT_EQ(test::now_ms(), 5000);
  a.cancel();
  b.cancel();
}

ASYNC_TEST(Queue, JoinsAtOnceWhenNoItemWasEverPut) {  // B260
  Queue<int> queue;
  const TurnCount turns;

  co_await queue.join();

  EXPECT_EQ(turns.now(), 0);
}

TEST(Queue, RefusesASecondLoopAsSoonAsATaskHasToWaitThere) {  // B206
  Queue<int> queue;
  const auto wait_a_second = [&]() -> Coroutine<std::string> {
    co_return co_await ending_of(wait_for(queue.get(), 1s));
  };

  const std::string first = test::run_virtual(wait_a_second());
  const std::string second = test::run_virtual(wait_a_second());
  queue.put_nowait(1);
  const std::string third = test::run_virtual(wait_a_second());

  EXPECT_EQ(first, test::kTimedOut);
  EXPECT_EQ(second, "RuntimeError: <Queue maxsize=0> is bound to a different event loop");
  EXPECT_EQ(third, "ok");
}

ASYNC_TEST(Queue, ShowsItsBoundItemsWaitersAndUnfinishedTasks) {  // B266
  Queue<int> queue(2);
  Trace trace;
  EXPECT_EQ(to_string(queue), "<Queue maxsize=2>");
  std::vector<Task<void>> putters;
  for (int i = 1; i <= 4; ++i) putters.push_back(create_task(put_from(queue, trace, i)));
  co_await pass(1);
  EXPECT_EQ(to_string(queue), "<Queue maxsize=2 _queue=[1, 2] _putters[2] tasks=2>");

  queue.shutdown();
  EXPECT_EQ(to_string(queue), "<Queue maxsize=2 _queue=[1, 2] tasks=2 shutdown>");
  for (const auto& putter : putters) (void)co_await ending_of(putter);

  Queue<int> empty;
  const auto getter = create_task(get_into(empty, trace, "getter"));
  co_await pass(1);
  EXPECT_EQ(to_string(empty), "<Queue maxsize=0 _getters[1]>");
  getter.cancel();
}

TEST(Queue, ShowsItsKindAndItemsOfAllTypes) {  // B266
  LifoQueue<std::string> texts;
  PriorityQueue<int> numbers(3);
  Queue<std::unique_ptr<int>> others;

  texts.put_nowait("a");
  texts.put_nowait("b");
  for (const int item : {3, 1, 2}) numbers.put_nowait(item);
  others.put_nowait(std::make_unique<int>(1));

  EXPECT_EQ(to_string(texts), "<LifoQueue maxsize=0 _queue=['a', 'b'] tasks=2>");
  EXPECT_EQ(to_string(numbers), "<PriorityQueue maxsize=3 _queue=[1, 3, 2] tasks=3>");
  EXPECT_EQ(to_string(others), "<Queue maxsize=0 _queue=[?] tasks=1>");
}

}  // namespace
}  // namespace asyncio
