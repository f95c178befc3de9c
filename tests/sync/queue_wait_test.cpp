// put() and get() that wait, and the order in which a queue wakes them.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "asyncio/sync/queue.hpp"
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
using test::Trace;
using test::TurnCount;

ASYNC_TEST(Queue, SuspendsAPutUntilThereIsRoom) {  // B249
  Queue<int> queue(1);
  Trace trace;
  const auto a = create_task(put_from(queue, trace, 1));
  const auto b = create_task(put_from(queue, trace, 2));
  co_await pass(3);
  EXPECT_EQ(trace, Trace{"put 1"});

  const int item = co_await queue.get();
  co_await b;

  EXPECT_EQ(item, 1);
  EXPECT_EQ(trace, (Trace{"put 1", "put 2"}));
  EXPECT_EQ(queue.get_nowait(), 2);
}

ASYNC_TEST(Queue, SuspendsAGetUntilThereIsAnItem) {  // B249
  Queue<int> queue;
  const TurnCount turns;
  const auto get = [&]() -> Coroutine<int> {
    (void)co_await queue.get();
    co_return turns.now();
  };
  const auto getter = create_task(get());
  co_await pass(3);
  EXPECT_FALSE(getter.done());

  queue.put_nowait(1);
  const int put = turns.now();
  const int got = co_await getter;

  EXPECT_EQ(got, put + 1);  // rule 4
}

ASYNC_TEST(Queue, DoesNotSuspendAGetThatFindsAnItem) {
  Queue<int> queue;
  queue.put_nowait(1);
  const TurnCount turns;

  const int item = co_await queue.get();

  EXPECT_EQ(item, 1);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Queue, ServesPuttersInTheirOrder) {  // B251
  Queue<int> queue(1);
  Trace trace;
  const auto a = create_task(put_from(queue, trace, 1));
  const auto b = create_task(put_from(queue, trace, 2));
  const auto c = create_task(put_from(queue, trace, 3));
  co_await pass(2);

  EXPECT_EQ(queue.get_nowait(), 1);
  co_await pass(3);
  EXPECT_EQ(trace, (Trace{"put 1", "put 2"}));

  EXPECT_EQ(queue.get_nowait(), 2);
  co_await c;
  EXPECT_EQ(queue.get_nowait(), 3);
}

ASYNC_TEST(Queue, ServesGettersInTheirOrder) {
  Queue<int> queue;
  Trace trace;
  const auto a = create_task(get_into(queue, trace, "a"));
  const auto b = create_task(get_into(queue, trace, "b"));
  co_await pass(1);

  queue.put_nowait(1);
  queue.put_nowait(2);
  co_await b;

  EXPECT_EQ(trace, (Trace{"a got 1", "b got 2"}));
}

ASYNC_TEST(Queue, NeverLeavesProducerAndConsumerBothWaiting) {  // B252
  Queue<int> queue(1);
  int sum = 0;
  const auto produce = [&]() -> Coroutine<void> {
    for (int i = 1; i <= 100; ++i) co_await queue.put(i);
  };
  const auto consume = [&]() -> Coroutine<void> {
    for (int i = 1; i <= 100; ++i) {
      sum += co_await queue.get();
      if (i % 7 == 0) co_await sleep(0s);
    }
  };
  const auto producer = create_task(produce());
  const auto consumer = create_task(consume());

  const std::string ending = co_await ending_of(wait_for(consumer, 1s));

  EXPECT_EQ(ending, "ok");
  EXPECT_TRUE(producer.done());
  EXPECT_EQ(sum, 5050);
}

ASYNC_TEST(Queue, WakesAsManyPuttersAsThereIsRoomFor) {  // B253
  Queue<int> queue(2);
  Trace trace;
  std::vector<Task<void>> putters;
  for (int i = 1; i <= 4; ++i) putters.push_back(create_task(put_from(queue, trace, i)));
  co_await pass(2);

  EXPECT_EQ(drain(queue), (std::vector<int>{1, 2}));
  co_await pass(3);

  EXPECT_EQ(drain(queue), (std::vector<int>{3, 4}));
  EXPECT_TRUE(putters[3].done());
}

ASYNC_TEST(Queue, LetsAGetterWaitAgainWhenAnotherTookItsItem) {  // rule 21
  Queue<int> queue;
  Trace trace;
  const auto getter = create_task(get_into(queue, trace, "getter"));
  co_await pass(1);

  queue.put_nowait(1);
  const int item = queue.get_nowait();
  co_await pass(3);
  EXPECT_EQ(item, 1);
  EXPECT_FALSE(getter.done());
  EXPECT_EQ(to_string(queue), "<Queue maxsize=0 _getters[1] tasks=1>");

  queue.put_nowait(2);
  co_await getter;
  EXPECT_EQ(trace, Trace{"getter got 2"});
}

ASYNC_TEST(Queue, QueuesAGetterThatWaitsAgainAtTheEnd) {  // rule 21
  Queue<int> queue;
  Trace trace;
  const auto robbed = create_task(get_into(queue, trace, "robbed"));
  const auto other = create_task(get_into(queue, trace, "other"));
  co_await pass(1);

  queue.put_nowait(0);
  (void)queue.get_nowait();
  co_await pass(1);
  queue.put_nowait(1);
  queue.put_nowait(2);
  co_await robbed;

  EXPECT_EQ(trace, (Trace{"other got 1", "robbed got 2"}));
}

ASYNC_TEST(Queue, LetsAPutterWaitAgainWhenAnotherTookItsRoom) {  // rule 21
  Queue<int> queue(1);
  Trace trace;
  queue.put_nowait(1);
  const auto putter = create_task(put_from(queue, trace, 3));
  co_await pass(1);

  EXPECT_EQ(queue.get_nowait(), 1);
  queue.put_nowait(2);
  co_await pass(3);
  EXPECT_FALSE(putter.done());

  EXPECT_EQ(queue.get_nowait(), 2);
  co_await putter;
  EXPECT_EQ(queue.get_nowait(), 3);
}

}  // namespace
}  // namespace asyncio
