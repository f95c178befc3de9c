// What a loop destroys when it closes, and that nothing is lost or touched afterwards.

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::Live;
using test::LiveCount;
using test::throws;
using test::virtual_clock;

const std::string kPendingTask = "Task was destroyed but it is pending!";

/// Ignores reports; a loop that closes reports its pending tasks.
std::unique_ptr<EventLoop> quiet_loop() {
  auto loop = std::make_unique<EventLoop>(virtual_clock());
  loop->set_exception_handler([](EventLoop&, const ExceptionContext&) {});
  return loop;
}

void run_for(EventLoop& loop, Duration time) {
  loop.call_later(time, [&loop] { loop.stop(); });
  loop.run_forever();
}

Coroutine<void> sleep_for(Duration time, Live /*live*/) {
  co_await sleep(time);
}
Coroutine<void> await_future(Future<void> future, Live /*live*/) {
  co_await future;
}
Coroutine<void> await_task(Task<void> task, Live /*live*/) {
  co_await task;
}
Coroutine<void> nested(int depth, Live live) {
  if (depth > 0) {
    co_await nested(depth - 1, live);
  } else {
    co_await test::for_ever();
  }
}

TEST(EventLoopClose, MayBeRepeatedButRefusesEverythingAfterwards) {  // B275, B276
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

TEST(EventLoopClose, DestroysATaskThatNeverBeganAndReportsIt) {  // B59
  LiveCount count;
  EventLoop loop(virtual_clock());
  const test::Reports reports(loop);
  loop.create_task(sleep_for(1s, count.make()), TaskOptions().name("early"));

  loop.close();

  EXPECT_EQ(count.alive(), 0);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports.all()[0].message, kPendingTask);
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
  run_for(*loop, 1s);  // the sleeper's timer has fired; its step is queued

  future.set_result();
  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, DestroysATaskWithACancelOnItsWay) {
  LiveCount count;
  auto loop = quiet_loop();
  const Task<void> sleeper = loop->create_task(sleep_for(1h, count.make()));
  const Task<void> waiter = loop->create_task(await_task(sleeper, count.make()));
  const Task<void> unborn = loop->create_task(sleep_for(1h, count.make()));
  run_for(*loop, 1s);
  const Task<void> fresh = loop->create_task(sleep_for(1h, count.make()));

  for (const Task<void>& task : {sleeper, waiter, unborn, fresh}) task.cancel();
  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, LeavesHandlesThatOutliveItHarmless) {
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

TEST(EventLoopClose, LeavesHandlesHarmlessBetweenItsCloseAndItsEnd) {
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

TEST(EventLoopClose, DropsTheCallbacksOfFuturesThatWereNeverDone) {
  LiveCount count;
  auto loop = quiet_loop();
  Future<int> future = loop->create_future<int>();
  future.add_done_callback([live = count.make()](const AnyFuture&) {});
  const Task<void> task = loop->create_task(sleep_for(1h, count.make()));
  task.add_done_callback([live = count.make()] {});
  run_for(*loop, 1s);

  loop->close();
  EXPECT_EQ(count.alive(), 1);  // the future's: somebody else holds it
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

TEST(EventLoopClose, DropsDoneCallbacksThatAreQueued) {
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

TEST(EventLoopClose, BreaksUpGathersAndShieldsThatAreNeverDone) {
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

TEST(EventLoopClose, LetsAGatherThatOutlivesItBeDropped) {
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

TEST(EventLoopClose, LetsADestructorSetFuturesAndCancelTasks) {
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
  const auto meddle = [](std::shared_ptr<Meddler> /*kept*/, Live /*live*/) -> Coroutine<void> {
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

TEST(EventLoopClose, LetsATaskDestroyedBeforeItCancelOneDestroyedAlready) {
  struct Canceller {
    Task<void> task;
    ~Canceller() { task.cancel(); }
  };
  LiveCount count;
  auto loop = quiet_loop();
  const Task<void> first = loop->create_task(sleep_for(1h, count.make()));
  const auto cancel_at_end = [](std::shared_ptr<Canceller> /*kept*/) -> Coroutine<void> {
    co_await test::for_ever();
  };
  loop->create_task(cancel_at_end(std::make_shared<Canceller>(first)));
  run_for(*loop, 1s);

  loop->close();

  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoopClose, ReleasesItsDescriptors) {  // B277
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
