// Closing a loop whose jobs are still running.

#include <gtest/gtest.h>

#include <atomic>
#include <optional>

#include "asyncio/thread/executor.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using test::comes_true;
using test::Gate;
using test::Live;
using test::LiveCount;

/// Runs the loop for one turn that calls `function`.
template <class F>
void call_in_turn(EventLoop& loop, F function) {
  loop.call_soon([&] {
    function();
    loop.stop();
  });
  loop.run_forever();
}

TEST(LoopClose, DoesNotWaitForAFunctionThatRuns) {
  Gate gate;
  LiveCount results;
  std::atomic<bool> ended = false;
  std::optional<Future<Live>> future;
  {
    EventLoop loop;
    call_in_turn(loop, [&] {
      future = run_in_executor([&] {
        gate.wait();
        Live result = results.make();
        ended = true;
        return result;
      });
    });

    loop.close();
  }

  EXPECT_FALSE(ended);
  EXPECT_FALSE(future->done());
  gate.open();
  EXPECT_TRUE(comes_true([&] { return ended && results.alive() == 0; }));
}

TEST(LoopClose, LeavesFunctionsThatWaitForAThreadToTheExecutor) {
  Gate gate;
  std::atomic<int> runs = 0;
  LiveCount captures;
  ThreadPoolExecutor pool(1);
  EventLoop loop;
  call_in_turn(loop, [&] {
    (void)run_in_executor(pool, [&] { gate.wait(); });
    for (int i = 0; i < 5; ++i)
      (void)run_in_executor(pool, [&, live = captures.make()] { ++runs; });
  });

  loop.close();
  gate.open();
  pool.shutdown(true);

  EXPECT_EQ(runs, 5);
  EXPECT_EQ(captures.alive(), 0);
}

TEST(LoopClose, DropsResultsThatHaveBeenReportedButNotDelivered) {
  LiveCount results;
  ThreadPoolExecutor pool(1);
  std::optional<Future<Live>> future;
  EventLoop loop;
  call_in_turn(loop, [&] {
    future = run_in_executor(pool, [&] { return results.make(); });
    pool.shutdown(true);
  });
  EXPECT_EQ(results.alive(), 1);

  loop.close();

  EXPECT_EQ(results.alive(), 0);
  EXPECT_FALSE(future->done());
}

TEST(LoopClose, IgnoresAFunctionWhoseFutureWasCancelledBefore) {  // B328
  Gate gate;
  std::atomic<bool> ended = false;
  const auto job = [&] {
    gate.wait();
    ended = true;
  };
  EventLoop loop;
  const test::Reports reports(loop);
  call_in_turn(loop, [&] { run_in_executor(job).cancel(); });

  loop.close();
  gate.open();

  EXPECT_TRUE(comes_true([&] { return ended.load(); }));
  EXPECT_EQ(reports.size(), 0U);
}

TEST(LoopClose, MayRaceWithTheEndOfAFunction) {
  LiveCount results;
  for (int i = 0; i < 40; ++i) {
    ThreadPoolExecutor pool(2);
    EventLoop loop;
    call_in_turn(loop, [&] {
      for (int k = 0; k < 6; ++k) (void)run_in_executor(pool, [&] { return results.make(); });
    });
    loop.close();
  }

  EXPECT_EQ(results.alive(), 0);
}

}  // namespace
}  // namespace asyncio
