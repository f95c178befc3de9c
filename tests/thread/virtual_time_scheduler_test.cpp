#include "asyncio/thread/blocking_sleep.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::now_ms;
using test::number_after;
using test::run_virtual;
using test::throws;
using test::Trace;

ASYNC_TEST(VirtualTimeScheduler, LetsTheLoopContinueWhileAWorkerSleeps) {
  const auto working = run_in_executor([] { blocking_sleep(10s); });

  co_await sleep(3s);
  EXPECT_EQ(now_ms(), 3000);
  EXPECT_FALSE(working.done());
  co_await working;

  EXPECT_EQ(now_ms(), 10'000);
}

ASYNC_TEST(VirtualTimeScheduler, LetsWorkersSleepAtTheSameTime) {
  std::vector<Future<void>> working;
  for (int i = 1; i <= 3; ++i) working.push_back(run_in_executor([i] { blocking_sleep(i * 1s); }));

  co_await gather(std::move(working));

  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(VirtualTimeScheduler, DoesNotAdvanceTheTimeWhileAWorkerIsBusy) {
  const auto working = run_in_executor([] {
    std::this_thread::sleep_for(5ms);
    return 7;
  });

  co_await sleep(1s);

  EXPECT_TRUE(working.done());
}

Coroutine<void> step(Trace* trace, std::string name, Duration pause) {
  for (int i = 0; i < 3; ++i) {
    trace->push_back(name + " " + std::to_string(now_ms()));
    co_await sleep(pause);
  }
}

void step_blocking(const EventLoop& loop, Trace* trace, const std::string& name, Duration pause) {
  for (int i = 0; i < 3; ++i) {
    const auto now = loop.time().time_since_epoch();
    trace->push_back(name + " " + std::to_string(now / 1ms));
    blocking_sleep(pause);
  }
}

Coroutine<void> interleave(Trace* trace) {
  const EventLoop& loop = get_running_loop();
  const auto worker = [&loop, trace](const std::string& name, Duration pause) {
    step_blocking(loop, trace, name, pause);
  };
  co_await gather(step(trace, "task", 20ms), to_thread(worker, "first worker", 20ms),
                  to_thread(worker, "second worker", 15ms), step(trace, "late task", 20ms));
}

TEST(VirtualTimeScheduler, InterleavesWorkersAndTasksByTheirTimes) {
  Trace trace;

  run_virtual(interleave(&trace));

  EXPECT_EQ(trace, (Trace{"task 0", "late task 0", "first worker 0", "second worker 0",
                          "second worker 15", "first worker 20", "task 20", "late task 20",
                          "second worker 30", "first worker 40", "task 40", "late task 40"}));
}

/// Runs eight workers that sleep, submit work to the loop and wait for it. Some limits of the waits
/// are too short.
Coroutine<void> interleave_many(Trace* trace) {
  const EventLoop& loop = get_running_loop();
  const LoopHandle handle = loop.handle();
  const auto note = [&loop, trace](int worker, const std::string& what) {
    const auto now = std::to_string(loop.time().time_since_epoch() / 1ms);
    trace->push_back(std::to_string(worker) + " " + what + " " + now);
  };
  const auto work = [&](int worker) {
    blocking_sleep(worker % 3 * 1ms);
    note(worker, "asks");
    const auto answer = run_coroutine_threadsafe(number_after(worker, 2ms), handle);
    note(worker, throws([&] { (void)answer.result(worker % 4 * 1ms); }));
    note(worker, std::to_string(answer.result()));
  };
  std::vector<Coroutine<void>> works;
  for (int worker = 0; worker < 8; ++worker) works.push_back(to_thread(work, worker));
  co_await gather(std::move(works));
}

TEST(VirtualTimeScheduler, InterleavesIdenticallyInEachRun) {
  Trace first;
  run_virtual(interleave(&first));
  run_virtual(interleave_many(&first));
  EXPECT_EQ(first.size(), 12U + 3 * 8);

  for (int i = 0; i < 200; ++i) {
    Trace again;
    run_virtual(interleave(&again));
    run_virtual(interleave_many(&again));
    ASSERT_EQ(again, first);
  }
}

ASYNC_TEST(VirtualTimeScheduler, LetsAsManyWorkersSleepAsThePoolHasThreads) {
  ThreadPoolExecutor pool(2);
  Trace trace;
  const EventLoop& loop = get_running_loop();

  std::vector<Future<void>> working;
  for (int i = 0; i < 5; ++i) {
    working.push_back(run_in_executor(pool, [&loop, &trace, i] {
      trace.push_back(std::to_string(i) + " at " +
                      std::to_string(loop.time().time_since_epoch() / 1s));
      blocking_sleep(1s);
    }));
  }
  co_await gather(std::move(working));

  EXPECT_EQ(trace, (Trace{"0 at 0", "1 at 0", "2 at 1", "3 at 1", "4 at 2"}));
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(VirtualTimeScheduler, LimitsTheDefaultExecutorToItsThreads) {
  const std::size_t threads = ThreadPoolExecutor::default_worker_count();

  std::vector<Future<void>> working;
  for (std::size_t i = 0; i < threads + 1; ++i) {
    working.push_back(run_in_executor([] { blocking_sleep(1s); }));
  }
  co_await gather(std::move(working));

  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(VirtualTimeScheduler, CountsTheThreadsOfEachExecutorSeparately) {
  ThreadPoolExecutor one(1);
  ThreadPoolExecutor other(1);
  const auto nap = [] { blocking_sleep(1s); };

  co_await gather(run_in_executor(one, nap), run_in_executor(other, nap), run_in_executor(nap));

  EXPECT_EQ(now_ms(), 1000);
}

ASYNC_TEST(VirtualTimeScheduler, LetsTheLoopContinueWhileAWorkerWaitsForIt) {
  const LoopHandle handle = get_running_loop().handle();

  const auto asking =
      run_in_executor([&] { return run_coroutine_threadsafe(sleep(2s, 7), handle).result(); });
  co_await sleep(1s);
  EXPECT_FALSE(asking.done());
  const int value = co_await asking;

  EXPECT_EQ(value, 7);
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(VirtualTimeScheduler, WakesAllWorkersThatWaitForOneResult) {
  const LoopHandle handle = get_running_loop().handle();
  const auto shared =
      co_await to_thread([&] { return run_coroutine_threadsafe(sleep(1s, 7), handle); });

  std::vector<Future<int>> asking;
  for (int i = 0; i < 3; ++i) {
    asking.push_back(run_in_executor([shared] { return shared.result(); }));
  }
  const std::vector<int> values = co_await gather(std::move(asking));

  EXPECT_EQ(values, std::vector<int>(3, 7));
}

Coroutine<int> countdown(LoopHandle handle, int depth) {
  if (depth == 0) co_return 0;
  blocking_sleep(0s);
  const int below = co_await to_thread([&] {
    blocking_sleep(1s);
    return run_coroutine_threadsafe(countdown(handle, depth - 1), handle).result();
  });
  co_return below + 1;
}

ASYNC_TEST(VirtualTimeScheduler, LetsWorkersAndLoopWaitForEachOtherAtAnyDepth) {
  const LoopHandle handle = get_running_loop().handle();

  EXPECT_EQ(co_await countdown(handle, 4), 4);
  EXPECT_EQ(now_ms(), 4000);
}

ASYNC_TEST(VirtualTimeScheduler, WaitsForSleepingWorkersWhenTheExecutorIsShutDown) {
  (void)run_in_executor([] { blocking_sleep(3s); });

  co_await shutdown_default_executor();

  EXPECT_EQ(now_ms(), 3000);
}

TEST(VirtualTimeScheduler, WaitsForSleepingWorkersAfterAnExit) {
  bool slept = false;
  const auto leave = [&]() -> Coroutine<void> {
    (void)run_in_executor([&] {
      blocking_sleep(3s);
      slept = true;
    });
    co_await sleep(1s);
    throw SystemExit(3);
  };

  EXPECT_EQ(throws([&] { run_virtual(leave()); }), "SystemExit: 3");

  EXPECT_TRUE(slept);
}

// --- An executor that the loop's own thread destroys ---

ASYNC_TEST(VirtualTimeScheduler, FinishesTheWorkOfAnExecutorThatTheLoopsThreadShutsDown) {
  Trace trace;
  const EventLoop& loop = get_running_loop();
  get_running_loop().call_later(2s,
                                [&] { trace.push_back("timer at " + std::to_string(now_ms())); });
  {
    ThreadPoolExecutor pool(1);
    for (int i = 0; i < 3; ++i) {
      (void)run_in_executor(pool, [&loop, &trace] {
        blocking_sleep(1s);
        trace.push_back("worker at " + std::to_string(loop.time().time_since_epoch() / 1ms));
      });
    }
  }

  co_await sleep(1ms);

  EXPECT_EQ(trace, (Trace{"worker at 1000", "worker at 2000", "worker at 3000", "timer at 3000"}));
  EXPECT_EQ(get_running_loop().jobs_in_flight(), 0U);
}

Coroutine<void> sleep_in_own_pool() {
  ThreadPoolExecutor pool(2);
  co_await run_in_executor(pool, [] { blocking_sleep(10s); });
}

ASYNC_TEST(VirtualTimeScheduler, CancelsATaskThatOwnsAnExecutor) {
  auto task = create_task(sleep_in_own_pool());
  co_await sleep(1s);

  task.cancel();

  EXPECT_EQ(co_await ending_of(task), "CancelledError");
  EXPECT_EQ(now_ms(), 10'000);  // the pool's destructor waits for the worker
}

}  // namespace
}  // namespace asyncio
