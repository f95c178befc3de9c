// Closing a loop: the tasks that it destroys wherever they are suspended.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

#include "asyncio/loop/event_loop.hpp"
#include "loop/event_loop_close_support.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using loop_close::await_future;
using loop_close::await_task;
using loop_close::nested;
using loop_close::quiet_loop;
using loop_close::run_for;
using loop_close::sleep_for;
using test::Live;
using test::LiveCount;
using test::virtual_clock;

TEST(EventLoopClose, DestroysAndReportsATaskThatNeverStarted) {  // B59
  LiveCount count;
  EventLoop loop(virtual_clock());
  const test::Reports reports(loop);
  loop.create_task(sleep_for(1s, count.make()), TaskOptions().name("early"));

  loop.close();

  EXPECT_EQ(count.alive(), 0);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports.all()[0].message, "Task was destroyed but it is pending!");
  EXPECT_EQ(reports.all()[0].task_name, "early");
}

TEST(EventLoopClose, DestroysTasksAtEachKindOfSuspension) {
  LiveCount count;
  EventLoop loop(virtual_clock());
  const test::Reports reports(loop);
  const Future<void> future = loop.create_future<void>();
  loop.create_task(sleep_for(1h, count.make()));
  loop.create_task(sleep_for(0s, count.make()));
  const Task<void> waiting = loop.create_task(await_future(future, count.make()));
  loop.create_task(await_task(waiting, count.make()));
  loop.create_task(nested(50, count.make()));
  loop.stop();
  loop.run_forever();

  loop.close();

  EXPECT_EQ(count.alive(), 0);
  EXPECT_EQ(reports.size(), 5U);
  EXPECT_FALSE(waiting.done());
}

TEST(EventLoopClose, DestroysATaskWhoseWakeUpIsQueued) {
  LiveCount count;
  auto loop = quiet_loop();
  const Future<void> future = loop->create_future<void>();
  loop->create_task(await_future(future, count.make()));
  loop->create_task(sleep_for(1s, count.make()));
  run_for(*loop, 1s);  // the sleeper's timer has fired, so its step is queued

  future.set_result();
  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, DestroysATaskWithAPendingCancel) {
  LiveCount count;
  auto loop = quiet_loop();
  const Task<void> sleeper = loop->create_task(sleep_for(1h, count.make()));
  const Task<void> waiter = loop->create_task(await_task(sleeper, count.make()));
  const Task<void> unstarted = loop->create_task(sleep_for(1h, count.make()));
  run_for(*loop, 1s);
  const Task<void> fresh = loop->create_task(sleep_for(1h, count.make()));

  for (const Task<void>& task : {sleeper, waiter, unstarted, fresh}) task.cancel();
  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, BreaksUpPendingGathersAndShields) {
  LiveCount count;
  auto loop = quiet_loop();
  const auto main = [&](Live /*live*/) -> Coroutine<void> {
    auto& own = get_running_loop();
    std::vector<Future<void>> children;
    for (int i = 0; i < 3; ++i) children.push_back(own.create_future<void>());
    auto all = gather(children);
    all.add_done_callback([live = count.make()] {});
    auto some = gather(return_exceptions, sleep_for(1h, count.make()), all);
    auto shielded = shield(children[0]);
    shielded.add_done_callback([live = count.make()] {});
    auto shielded_task = shield(sleep_for(2h, count.make()));
    auto shielded_gather = shield(gather(shielded_task, some));
    co_await shielded_gather;
  };
  loop->create_task(main(count.make()));
  run_for(*loop, 1s);

  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, AllowsAGatherToBeDroppedAfterTheLoopsEnd) {
  LiveCount count;
  Future<std::vector<int>> kept;
  std::vector<Future<int>> children;
  {
    auto loop = quiet_loop();
    for (int i = 0; i < 3; ++i) children.push_back(loop->create_future<int>());
    kept = gather(children);
    kept.add_done_callback([live = count.make()] {});
  }

  for (const Future<int>& child : children) child.set_result(1);
  kept.cancel();
  EXPECT_FALSE(kept.done());
  kept = {};

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, DestroysWaitsTimeoutsAndWaitFors) {
  LiveCount count;
  auto loop = quiet_loop();
  const auto within = [](Live live) -> Coroutine<void> {
    co_await timeout(1h, sleep_for(2h, live));
  };
  const auto waiting = [](Live live) -> Coroutine<void> {
    const std::vector<Task<void>> tasks{create_task(sleep_for(2h, live))};
    co_await wait(tasks);
  };
  const auto waiting_for = [](Live live) -> Coroutine<void> {
    co_await wait_for(create_task(sleep_for(2h, live)), 1h);
  };
  loop->create_task(within(count.make()));
  loop->create_task(waiting(count.make()));
  loop->create_task(waiting_for(count.make()));
  run_for(*loop, 1s);

  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, AllowsADestructorToSetFuturesAndCancelTasks) {
  struct Meddler {
    Future<void> future;
    Task<void> task;
    ~Meddler() {
      if (future.valid() && !future.done()) future.set_result();
      if (task.valid()) task.cancel();
    }
  };
  LiveCount count;
  auto loop = quiet_loop();
  const Future<void> future = loop->create_future<void>();
  auto meddler = std::make_shared<Meddler>();
  const auto meddle = [](std::shared_ptr<Meddler> /*held*/, Live /*live*/) -> Coroutine<void> {
    co_await test::for_ever();
  };
  const Task<void> first = loop->create_task(meddle(meddler, count.make()));
  loop->create_task(await_future(future, count.make()));
  const Task<void> last = loop->create_task(sleep_for(1h, count.make()));
  meddler->future = future;
  meddler->task = last;
  meddler.reset();
  run_for(*loop, 1s);

  loop->close();

  EXPECT_TRUE(future.done());
  EXPECT_FALSE(last.done());
  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, AllowsADestructorToCancelATaskDestroyedAlready) {
  struct Canceller {
    Task<void> task;
    ~Canceller() { task.cancel(); }
  };
  LiveCount count;
  auto loop = quiet_loop();
  const Task<void> first = loop->create_task(sleep_for(1h, count.make()));
  const auto cancel_at_end = [](std::shared_ptr<Canceller> /*held*/) -> Coroutine<void> {
    co_await test::for_ever();
  };
  loop->create_task(cancel_at_end(std::make_shared<Canceller>(first)));
  run_for(*loop, 1s);

  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

}  // namespace
}  // namespace asyncio
