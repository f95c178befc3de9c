#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "asyncio/sync/queue.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::pass;
using test::throws;
using test::Trace;

const std::string kShutDown = "QueueShutDown: the queue has been shut down";

ASYNC_TEST(QueueShutdown, FailsEveryPutAtOnce) {  // B261
  Queue<int> queue;

  queue.shutdown();
  const std::string put = co_await ending_of(queue.put(1));

  EXPECT_EQ(put, kShutDown);
  EXPECT_EQ(throws([&] { queue.put_nowait(1); }), kShutDown);
  EXPECT_EQ(queue.qsize(), 0U);
}

ASYNC_TEST(QueueShutdown, ThrowsShutDownRatherThanFullFromAPutOnAFullQueue) {  // B261
  Queue<int> queue(1);
  queue.put_nowait(1);

  queue.shutdown();
  const std::string put = co_await ending_of(queue.put(2));

  EXPECT_EQ(put, kShutDown);
  EXPECT_EQ(throws([&] { queue.put_nowait(2); }), kShutDown);
}

ASYNC_TEST(QueueShutdown, AllowsGetsUntilTheQueueIsEmpty) {  // B261
  Queue<int> queue;
  queue.put_nowait(1);
  queue.put_nowait(2);

  queue.shutdown();
  const int first = co_await queue.get();
  const int second = queue.get_nowait();
  const std::string third = co_await ending_of(queue.get());

  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
  EXPECT_EQ(third, kShutDown);
  EXPECT_EQ(throws([&] { (void)queue.get_nowait(); }), kShutDown);
}

ASYNC_TEST(QueueShutdown, WakesGettersOfAnEmptyQueue) {  // B262
  Queue<int> queue;
  const auto first = create_task(queue.get());
  const auto second = create_task(queue.get());
  co_await pass(1);

  queue.shutdown();
  const std::string first_ending = co_await ending_of(first);
  const std::string second_ending = co_await ending_of(second);

  EXPECT_EQ(first_ending, kShutDown);
  EXPECT_EQ(second_ending, kShutDown);
}

ASYNC_TEST(QueueShutdown, WakesPuttersOfAFullQueue) {  // B262
  Queue<int> queue(1);
  queue.put_nowait(1);
  const auto putter = create_task(queue.put(2));
  co_await pass(1);

  queue.shutdown();
  const std::string ending = co_await ending_of(putter);

  EXPECT_EQ(ending, kShutDown);
  EXPECT_EQ(queue.get_nowait(), 1);
}

ASYNC_TEST(QueueShutdown, FailsAPutterThatWasWokenBecauseThereIsRoom) {  // B262
  Queue<int> queue(1);
  queue.put_nowait(1);
  const auto putter = create_task(queue.put(2));
  co_await pass(1);

  (void)queue.get_nowait();
  queue.shutdown();
  const std::string ending = co_await ending_of(putter);

  EXPECT_EQ(ending, kShutDown);
  EXPECT_TRUE(queue.empty());
}

ASYNC_TEST(QueueShutdown, GivesAGetterTheItemThatCameBeforeIt) {
  Queue<int> queue;
  const auto getter = create_task(queue.get());
  co_await pass(1);

  queue.put_nowait(1);
  queue.shutdown();
  const int item = co_await getter;

  EXPECT_EQ(item, 1);
}

ASYNC_TEST(QueueShutdown, LeavesTheCountForJoinUnchanged) {  // B263
  Queue<int> queue;
  queue.put_nowait(1);
  const auto joiner = create_task(queue.join());
  co_await pass(1);

  queue.shutdown();
  co_await pass(3);
  EXPECT_FALSE(joiner.done());

  (void)queue.get_nowait();
  queue.task_done();
  co_await joiner;
}

ASYNC_TEST(QueueShutdown, DropsTheItemsAndEndsJoinWhenItIsImmediate) {  // B264
  test::LiveCount count;
  Queue<test::Live> queue;
  queue.put_nowait(count.make());
  queue.put_nowait(count.make());
  const auto joiner = create_task(queue.join());
  co_await pass(1);

  queue.shutdown(/*immediate=*/true);

  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(count.alive(), 0);
  co_await joiner;
  EXPECT_EQ(throws([&] { (void)queue.get_nowait(); }), kShutDown);
  EXPECT_EQ(to_string(queue), "<Queue maxsize=0 shutdown>");
}

ASYNC_TEST(QueueShutdown, FailsAGetterWhoseItemAnImmediateShutdownDropped) {  // B264
  Queue<int> queue;
  const auto getter = create_task(queue.get());
  co_await pass(1);

  queue.put_nowait(1);
  queue.shutdown(/*immediate=*/true);
  const std::string ending = co_await ending_of(getter);

  EXPECT_EQ(ending, kShutDown);
}

ASYNC_TEST(QueueShutdown, LetsJoinWaitForItemsTakenBeforeAnImmediateShutdown) {  // B265
  Queue<int> queue;
  queue.put_nowait(1);
  queue.put_nowait(2);
  (void)queue.get_nowait();
  const auto joiner = create_task(queue.join());
  co_await pass(1);

  queue.shutdown(/*immediate=*/true);
  co_await pass(3);
  EXPECT_FALSE(joiner.done());

  queue.task_done();
  co_await joiner;
}

ASYNC_TEST(QueueShutdown, CanBeRepeated) {
  Queue<int> queue;
  queue.put_nowait(1);

  queue.shutdown();
  queue.shutdown();
  EXPECT_EQ(queue.qsize(), 1U);
  queue.shutdown(/*immediate=*/true);

  EXPECT_EQ(queue.qsize(), 0U);
  co_await queue.join();
}

}  // namespace
}  // namespace asyncio
