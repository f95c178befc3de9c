// Getters, putters and joins that are cancelled.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "asyncio/sync/queue.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"
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

ASYNC_TEST(Queue, CancelsAGetterThatKeepsWaiting) {
  Queue<int> queue;
  Trace trace;
  const auto getter = create_task(get_into(queue, trace, "getter"));
  co_await pass(1);
  queue.put_nowait(1);
  (void)queue.get_nowait();
  co_await pass(2);

  getter.cancel("enough");
  const std::string ending = co_await ending_of(getter);

  EXPECT_EQ(ending, "CancelledError: enough");
  EXPECT_EQ(to_string(queue), "<Queue maxsize=0 tasks=1>");
}

ASYNC_TEST(Queue, GivesAnItemToTheNextGetterIfTheFirstWasCancelledBefore) {  // B254
  Queue<int> queue;
  Trace trace;
  const auto first = create_task(get_into(queue, trace, "first"));
  const auto second = create_task(get_into(queue, trace, "second"));
  co_await pass(1);

  first.cancel();
  queue.put_nowait(1);
  co_await second;

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(trace, Trace{"second got 1"});
}

ASYNC_TEST(Queue, LosesNoItemWhenAGetterIsCancelledAsItArrives) {  // B255
  Queue<int> queue;
  Trace trace;
  const auto getter = create_task(get_into(queue, trace, "getter"));
  co_await pass(1);

  queue.put_nowait(1);
  queue.put_nowait(2);
  getter.cancel();
  (void)co_await ending_of(getter);

  EXPECT_EQ(trace, Trace{});
  EXPECT_EQ(drain(queue), (std::vector<int>{1, 2}));
}

ASYNC_TEST(Queue, WakesTheNextGetterWhenOneIsCancelledAsItsItemArrives) {  // B255
  Queue<int> queue;
  Trace trace;
  const auto first = create_task(get_into(queue, trace, "first"));
  const auto second = create_task(get_into(queue, trace, "second"));
  co_await pass(1);

  queue.put_nowait(1);
  first.cancel();
  co_await second;

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(trace, Trace{"second got 1"});
}

ASYNC_TEST(Queue, KeepsTheOrderWhenAGetterIsCancelledWhoseItemIsGone) {  // rule 21
  Queue<int> queue;
  Trace trace;
  const auto robbed = create_task(get_into(queue, trace, "robbed"));
  const auto first = create_task(get_into(queue, trace, "first"));
  const auto second = create_task(get_into(queue, trace, "second"));
  co_await pass(1);

  queue.put_nowait(0);
  (void)queue.get_nowait();
  robbed.cancel();
  co_await pass(3);
  queue.put_nowait(1);
  queue.put_nowait(2);
  co_await second;

  EXPECT_EQ(trace, (Trace{"first got 1", "second got 2"}));
}

ASYNC_TEST(Queue, KeepsTheOrderWhenAGetterIsCancelledBeforeItsTurn) {  // rule 21
  Queue<int> queue;
  Trace trace;
  const auto cancelled = create_task(get_into(queue, trace, "cancelled"));
  const auto first = create_task(get_into(queue, trace, "first"));
  const auto second = create_task(get_into(queue, trace, "second"));
  const auto third = create_task(get_into(queue, trace, "third"));
  co_await pass(1);

  cancelled.cancel();
  queue.put_nowait(1);  // wakes only `first`: `cancelled` has no wake-up to pass on
  co_await pass(2);
  queue.put_nowait(2);
  queue.put_nowait(3);
  co_await second;
  co_await third;

  EXPECT_EQ(trace, (Trace{"first got 1", "second got 2", "third got 3"}));
}

ASYNC_TEST(Queue, StoresNothingFromAPutterThatIsCancelledAfterItWasWoken) {  // B256
  Queue<int> queue(1);
  Trace trace;
  queue.put_nowait(1);
  const auto first = create_task(put_from(queue, trace, 2));
  const auto second = create_task(put_from(queue, trace, 3));
  co_await pass(1);

  EXPECT_EQ(queue.get_nowait(), 1);
  first.cancel();
  co_await second;

  EXPECT_TRUE(first.cancelled());
  EXPECT_EQ(drain(queue), std::vector<int>{3});
}

ASYNC_TEST(Queue, ForgetsCancelledGettersAndPutters) {  // B257
  Queue<int> empty;
  Queue<int> full(1);
  full.put_nowait(1);

  for (int i = 0; i < 3; ++i) {
    (void)co_await ending_of(wait_for(empty.get(), 1s));
    (void)co_await ending_of(wait_for(full.put(2), 1s));
  }

  EXPECT_EQ(to_string(empty), "<Queue maxsize=0>");
  EXPECT_EQ(to_string(full), "<Queue maxsize=1 _queue=[1] tasks=1>");
}

ASYNC_TEST(Queue, ThrowsOnlyTheCancelFromAPutThatHadLeftTheQueueAlready) {  // B258
  Queue<int> queue(1);
  Trace trace;
  queue.put_nowait(1);
  const auto putter = create_task(put_from(queue, trace, 2));
  co_await pass(1);

  (void)queue.get_nowait();
  EXPECT_EQ(to_string(queue), "<Queue maxsize=1 tasks=1>");
  putter.cancel("only this");
  const std::string ending = co_await ending_of(putter);

  EXPECT_EQ(ending, "CancelledError: only this");
}

ASYNC_TEST(Queue, DropsTheItemOfAPutterThatIsCancelled) {
  test::LiveCount count;
  Queue<test::Live> queue(1);
  queue.put_nowait(count.make());
  {
    const auto putter = create_task(queue.put(count.make()));
    co_await pass(1);
    EXPECT_EQ(count.alive(), 2);
    putter.cancel();
    (void)co_await ending_of(putter);
  }
  EXPECT_EQ(count.alive(), 1);
}

ASYNC_TEST(Queue, CancelsAJoin) {
  Queue<int> queue;
  queue.put_nowait(1);

  const std::string ending = co_await ending_of(wait_for(queue.join(), 1s));

  EXPECT_EQ(ending, test::kTimedOut);
}

}  // namespace
}  // namespace asyncio
