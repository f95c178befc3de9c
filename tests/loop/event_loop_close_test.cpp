// Closing a loop: what it refuses, and the callbacks and handles it leaves.

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "asyncio/loop/event_loop.hpp"
#include "loop/event_loop_close_support.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using loop_close::await_future;
using loop_close::nested;
using loop_close::quiet_loop;
using loop_close::run_for;
using loop_close::sleep_for;
using test::Live;
using test::LiveCount;
using test::throws;
using test::virtual_clock;

TEST(EventLoopClose, CanBeRepeatedAndMakesTheLoopUnusable) {  // B275, B276
  EventLoop loop(virtual_clock());

  loop.close();
  loop.close();

  const std::string closed = "RuntimeError: Event loop is closed";
  const auto work = []() -> Coroutine<void> { co_return; };
  EXPECT_TRUE(loop.is_closed());
  EXPECT_EQ(throws([&] { loop.run_forever(); }), closed);
  EXPECT_EQ(throws([&] { loop.run_until_complete(work()); }), closed);
  EXPECT_EQ(throws([&] { loop.call_soon([] {}); }), closed);
  EXPECT_EQ(throws([&] { loop.call_later(1s, [] {}); }), closed);
  EXPECT_EQ(throws([&] { loop.call_at(TimePoint(1s), [] {}); }), closed);
  EXPECT_EQ(throws([&] { loop.create_task(work()); }), closed);  // B50
}

TEST(EventLoopClose, IsRefusedWhileTheLoopRuns) {  // B275
  EventLoop loop(virtual_clock());
  std::string answer;
  loop.call_soon([&] {
    answer = throws([&] { loop.close(); });
    loop.stop();
  });

  loop.run_forever();

  EXPECT_EQ(answer, "RuntimeError: Cannot close a running event loop");
  EXPECT_FALSE(loop.is_closed());
}

TEST(EventLoopClose, DestroysCallbacksAndTimers) {
  LiveCount count;
  EventLoop loop(virtual_clock());
  for (int i = 0; i < 10; ++i) {
    loop.call_soon([live = count.make()] {});
    loop.call_later(i * 1s, [live = count.make()] {});
  }
  EXPECT_EQ(count.alive(), 20);

  loop.close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, LeavesHandlesHarmlessAfterTheLoopsEnd) {
  LiveCount count;
  Task<void> sleeper;
  Task<void> waiter;
  Task<void> nested_task;
  Future<void> future;
  {
    auto loop = quiet_loop();
    future = loop->create_future<void>();
    sleeper = loop->create_task(sleep_for(1h, count.make()));
    waiter = loop->create_task(await_future(future, count.make()));
    nested_task = loop->create_task(nested(3, count.make()));
    run_for(*loop, 1s);
  }
  EXPECT_EQ(count.alive(), 0);

  for (const Task<void>& task : {sleeper, waiter, nested_task}) {
    EXPECT_FALSE(task.done());
    task.cancel();
    task.cancel("again");
    task.uncancel();
    task.add_done_callback([live = count.make()] {});
    EXPECT_THROW((void)task.get_loop(), RuntimeError);
    EXPECT_THROW(task.result(), InvalidStateError);
  }
  future.set_result();
  future.add_done_callback([live = count.make()] {});

  EXPECT_TRUE(future.done());
  sleeper = waiter = nested_task = {};
  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, LeavesHandlesHarmlessBeforeTheLoopsEnd) {
  LiveCount count;
  auto loop = quiet_loop();
  const Future<void> future = loop->create_future<void>();
  const Task<void> waiter = loop->create_task(await_future(future, count.make()));
  run_for(*loop, 1s);
  loop->close();

  waiter.cancel();
  future.set_result();
  future.add_done_callback([live = count.make()] {});
  loop.reset();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, DropsTheCallbacksOfPendingFutures) {
  LiveCount count;
  auto loop = quiet_loop();
  Future<int> future = loop->create_future<int>();
  future.add_done_callback([live = count.make()](const AnyFuture&) {});
  const Task<void> task = loop->create_task(sleep_for(1h, count.make()));
  task.add_done_callback([live = count.make()] {});
  run_for(*loop, 1s);

  loop->close();
  EXPECT_EQ(count.alive(), 1);  // the callback of the future, which is still referenced
  future = {};

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, DropsACallbackThatHoldsItsOwnFuture) {
  LiveCount count;
  {
    auto loop = quiet_loop();
    const Task<void> task = loop->create_task(sleep_for(1h, count.make()));
    task.add_done_callback([task, live = count.make()] {});
    run_for(*loop, 1s);
  }

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, DropsQueuedDoneCallbacks) {
  LiveCount count;
  auto loop = quiet_loop();
  {
    const Future<Live> future = loop->create_future<Live>();
    future.add_done_callback([live = count.make()] {});
    future.set_result(count.make());
  }
  EXPECT_EQ(count.alive(), 2);

  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, ReleasesTheLoopsDescriptors) {  // B277
  EventLoop probe;
  const auto open = [] {
    const int fd = ::dup(0);
    ::close(fd);
    return fd;
  };
  const int before = open();

  for (int i = 0; i < 10; ++i) {
    EventLoop loop;
    run_for(loop, 1ns);
  }

  EXPECT_EQ(open(), before);
}

}  // namespace
}  // namespace asyncio
