// Primitives that are destroyed before their waiters, in every order in which a loop or a run can
// end.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "asyncio/asyncio.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using test::ending_of;
using test::Live;
using test::LiveCount;
using test::pass;
using test::Trace;

struct Everything {
  Lock lock;
  Event event;
  Condition condition;
  Semaphore semaphore{0};
  Barrier barrier{2};
  Queue<int> empty;
  Queue<Live> full{1};
  Lock held;
  Semaphore permit;
};

Coroutine<void> hold_both(Everything& all) {
  const auto guard = co_await all.held.scoped();
  const auto permit = co_await all.permit.scoped();
  co_await test::for_ever();
}

Coroutine<void> wait_in_condition(Everything& all) {
  const auto guard = co_await all.condition.scoped();
  co_await all.condition.wait();
}

/// Starts a task that waits on each primitive, and one that holds a lock and a permit.
std::vector<AnyFuture> start_waiting(Everything& all, LiveCount& count) {
  std::vector<AnyFuture> tasks;
  tasks.push_back(create_task(all.lock.acquire()));
  tasks.push_back(create_task(all.lock.scoped()));
  tasks.push_back(create_task(all.event.wait()));
  tasks.push_back(create_task(wait_in_condition(all)));
  tasks.push_back(create_task(wait_in_condition(all)));
  tasks.push_back(create_task(all.semaphore.acquire()));
  tasks.push_back(create_task(all.barrier.wait()));
  tasks.push_back(create_task(all.empty.get()));
  tasks.push_back(create_task(all.full.put(count.make())));
  tasks.push_back(create_task(all.full.join()));
  tasks.push_back(create_task(hold_both(all)));
  return tasks;
}

Coroutine<void> fill(Everything& all, LiveCount& count) {
  co_await all.lock.acquire();
  co_await all.full.put(count.make());
}

TEST(Primitives, MayEndWithMainBeforeRunCancelsTheWaiters) {
  LiveCount count;
  std::vector<AnyFuture> tasks;
  const auto main = [&]() -> Coroutine<void> {
    Everything all;
    co_await fill(all, count);
    tasks = start_waiting(all, count);
    co_await pass(3);
  };

  test::run_virtual(main());

  for (const AnyFuture& task : tasks) EXPECT_TRUE(task.cancelled()) << to_string(task);
  tasks.clear();
  EXPECT_EQ(count.alive(), 0);
}

/// Closes a loop whose tasks wait on primitives that a frame of the same loop owns.
void close_while_waiting(LiveCount& count, bool owner_first, bool wake_before) {
  EventLoop loop(test::virtual_clock());
  loop.set_exception_handler([](EventLoop&, const ExceptionContext&) {});
  std::unique_ptr<Everything> all = std::make_unique<Everything>();
  Everything& primitives = *all;
  const auto own = [](std::unique_ptr<Everything> /*owned*/) -> Coroutine<void> {
    co_await test::for_ever();
  };
  const auto main = [&]() -> Coroutine<void> {
    co_await fill(primitives, count);
    if (owner_first) create_task(own(std::move(all)));
    start_waiting(primitives, count);
    co_await pass(3);
    if (!owner_first) create_task(own(std::move(all)));
    co_await pass(2);
    if (!wake_before) co_return;
    // Wake the waiters, but stop the loop before they resume.
    primitives.lock.release();
    primitives.event.set();
    primitives.semaphore.release();
    primitives.empty.put_nowait(1);
    primitives.full.shutdown(/*immediate=*/true);
    get_running_loop().stop();
    co_await test::for_ever();
  };
  if (wake_before) {
    loop.create_task(main());
    loop.run_forever();
  } else {
    loop.run_until_complete(main());
  }
  loop.close();
}

TEST(Primitives, MayEndInAFrameThatAClosingLoopDestroysBeforeTheWaiters) {
  LiveCount count;
  close_while_waiting(count, /*owner_first=*/true, /*wake_before=*/false);
  EXPECT_EQ(count.alive(), 0);
}

TEST(Primitives, MayEndInAFrameThatAClosingLoopDestroysAfterTheWaiters) {
  LiveCount count;
  close_while_waiting(count, /*owner_first=*/false, /*wake_before=*/false);
  EXPECT_EQ(count.alive(), 0);
}

TEST(Primitives, MayEndWhileWakeUpsArePending) {
  LiveCount count;
  close_while_waiting(count, /*owner_first=*/true, /*wake_before=*/true);
  close_while_waiting(count, /*owner_first=*/false, /*wake_before=*/true);
  EXPECT_EQ(count.alive(), 0);
}

TEST(Primitives, MayOutliveTheirLoop) {
  LiveCount count;
  Everything all;
  {
    EventLoop loop(test::virtual_clock());
    loop.set_exception_handler([](EventLoop&, const ExceptionContext&) {});
    const auto main = [&]() -> Coroutine<void> {
      co_await fill(all, count);
      start_waiting(all, count);
      co_await pass(3);
    };
    loop.run_until_complete(main());
  }

  EXPECT_EQ(to_string(all.lock), "<Lock [locked]>");
  EXPECT_EQ(to_string(all.event), "<Event [unset]>");
  EXPECT_EQ(to_string(all.empty), "<Queue maxsize=0>");
  all.lock.release();
  all.event.set();
  all.empty.put_nowait(1);
}

ASYNC_TEST(Primitives, MayEndBeforeTheirWaitersAreCancelled) {
  LiveCount count;
  std::vector<AnyFuture> tasks;
  {
    Everything all;
    co_await fill(all, count);
    tasks = start_waiting(all, count);
    co_await pass(3);
  }
  co_await pass(3);

  for (const AnyFuture& task : tasks) {
    EXPECT_FALSE(task.done());
    task.cancel();
  }
  for (const AnyFuture& task : tasks) {
    const std::string ending = co_await ending_of(task);
    EXPECT_EQ(ending, "CancelledError");
  }
}

}  // namespace
}  // namespace asyncio
