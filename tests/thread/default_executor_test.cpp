// The default executor of a loop: its replacement and its shutdown.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "asyncio/thread/executor.hpp"
#include "support/async_test.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::ending_of;
using test::Gate;
using test::now_ms;
using test::run_real;
using test::throws;
using test::Trace;

// --- set_default_executor ---

Coroutine<void> uses_one_thread() {
  set_default_executor(get_running_loop(), std::make_unique<ThreadPoolExecutor>(1));
  std::set<std::thread::id> threads;
  std::vector<Future<std::thread::id>> futures;
  for (int i = 0; i < 5; ++i) futures.push_back(run_in_executor(std::this_thread::get_id));

  for (const std::thread::id id : co_await gather(std::move(futures))) threads.insert(id);
  threads.insert(co_await to_thread(std::this_thread::get_id));

  EXPECT_EQ(threads.size(), 1U);
}

TEST(SetDefaultExecutor, ReplacesTheExecutorThatIsCreatedOnDemand) {  // B329
  run_real(uses_one_thread());
}

ASYNC_TEST(SetDefaultExecutor, ReplacesAnExecutorInUseWhoseFunctionsContinue) {
  std::vector<std::string> ended;
  const auto sleep_and_note = [&](Duration span, const char* name) {
    blocking_sleep(span);
    ended.emplace_back(name);
  };
  set_default_executor(get_running_loop(), std::make_unique<ThreadPoolExecutor>(1));
  (void)run_in_executor(sleep_and_note, 2s, "first");
  (void)run_in_executor(sleep_and_note, 2s, "behind it");

  set_default_executor(get_running_loop(), std::make_unique<ThreadPoolExecutor>(1));
  co_await run_in_executor(sleep_and_note, 1s, "on the new one");

  EXPECT_EQ(now_ms(), 1000);
  co_await shutdown_default_executor();
  EXPECT_EQ(now_ms(), 4000);
  EXPECT_EQ(ended, (Trace{"on the new one", "first", "behind it"}));
}

ASYNC_TEST(SetDefaultExecutor, KeepsTheOldExecutorWhenPassedNull) {  // B329
  EventLoop& loop = get_running_loop();

  EXPECT_EQ(throws([&] { set_default_executor(loop, nullptr); }),
            "ValueError: the default executor cannot be none");

  EXPECT_EQ(co_await to_thread([] { return 7; }), 7);
}

TEST(SetDefaultExecutor, IsRefusedAfterTheShutdownAndTheClose) {
  EventLoop loop(test::virtual_clock());
  const auto set = [&] { set_default_executor(loop, std::make_unique<ThreadPoolExecutor>(1)); };
  loop.run_until_complete(shutdown_default_executor());
  EXPECT_EQ(throws(set), "RuntimeError: Executor shutdown has been called");

  loop.close();
  EXPECT_EQ(throws(set), "RuntimeError: Event loop is closed");
}

// --- shutdown_default_executor ---

Coroutine<void> waits_for_jobs() {
  std::atomic<int> ended = 0;
  for (int i = 0; i < 3; ++i) {
    (void)run_in_executor([&] {
      std::this_thread::sleep_for(2ms);
      ++ended;
    });
  }

  co_await shutdown_default_executor();

  EXPECT_EQ(ended, 3);
}

TEST(ShutdownDefaultExecutor, WaitsForRunningFunctions) {  // B330
  run_real(waits_for_jobs());
}

Coroutine<void> refuses_jobs_after_use() {
  co_await run_in_executor([] {});
  co_await shutdown_default_executor();

  EXPECT_EQ(throws([] { (void)run_in_executor([] {}); }),
            "RuntimeError: Executor shutdown has been called");
}

TEST(ShutdownDefaultExecutor, RefusesFunctionsFromThenOn) {
  run_real(refuses_jobs_after_use());
}

Coroutine<void> refuses_jobs_before_use() {
  co_await shutdown_default_executor();

  EXPECT_EQ(throws([] { (void)run_in_executor([] {}); }),
            "RuntimeError: Executor shutdown has been called");
}

TEST(ShutdownDefaultExecutor, RefusesFunctionsEvenIfThereWasNoExecutor) {
  run_real(refuses_jobs_before_use());
}

Coroutine<void> leaves_own_executors_alone() {
  ThreadPoolExecutor pool(1);
  co_await shutdown_default_executor();

  EXPECT_EQ(co_await run_in_executor(pool, [] { return 7; }), 7);
}

TEST(ShutdownDefaultExecutor, LeavesOtherExecutorsAlone) {
  run_real(leaves_own_executors_alone());
}

ASYNC_TEST(ShutdownDefaultExecutor, EndsForEachTaskThatWaits) {
  (void)run_in_executor([] { blocking_sleep(1s); });

  co_await gather(shutdown_default_executor(), shutdown_default_executor());

  EXPECT_EQ(now_ms(), 1000);
}

/// Returns the reports to the loop's exception handler while `main` runs, and "over" after the run.
Trace reports_of(Coroutine<void> main, ClockKind clock) {
  Trace trace;
  Runner runner(RunOptions().clock(clock));
  runner.get_loop().set_exception_handler(
      [&](EventLoop&, const ExceptionContext& context) { trace.push_back(context.message); });
  runner.run(std::move(main));
  runner.close();
  trace.emplace_back("over");
  return trace;
}

TEST(ShutdownDefaultExecutor, WarnsAndContinuesAfterTheGivenTime) {  // B330
  Gate gate;
  std::atomic<bool> ended = false;
  const auto job = [&] {
    gate.wait();
    ended = true;
  };
  const auto main = [&]() -> Coroutine<void> {
    (void)run_in_executor(job);
    co_await shutdown_default_executor(1ms);
  };

  EXPECT_EQ(reports_of(main(), ClockKind::real),
            (Trace{"the default executor has not ended its work in the given time", "over"}));
  EXPECT_FALSE(ended);
  gate.open();
  EXPECT_TRUE(comes_true([&] { return ended.load(); }));
}

TEST(ShutdownDefaultExecutor, ReportsNothingIfAllFunctionsEndInTheGivenTime) {
  const auto main = []() -> Coroutine<void> {
    (void)run_in_executor([] { blocking_sleep(1s); });
    co_await shutdown_default_executor(2s);
    EXPECT_EQ(now_ms(), 1000);
  };

  EXPECT_EQ(reports_of(main(), ClockKind::virtual_time), Trace{"over"});
}

ASYNC_TEST(ShutdownDefaultExecutor, LeavesNoTimerBehindWhenCancelled) {
  (void)run_in_executor([] { blocking_sleep(2s); });
  auto waiting = create_task(shutdown_default_executor(1h));
  co_await sleep(1s);

  waiting.cancel();

  EXPECT_EQ(co_await ending_of(waiting), "CancelledError");
  EXPECT_EQ(now_ms(), 1000);
  co_await shutdown_default_executor();
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(ShutdownDefaultExecutor, StopsWaitingWhenCancelled) {
  (void)run_in_executor([] { blocking_sleep(2s); });
  auto waiting = create_task(shutdown_default_executor());
  co_await sleep(1s);

  waiting.cancel();

  EXPECT_EQ(co_await ending_of(waiting), "CancelledError");
  EXPECT_EQ(now_ms(), 1000);
}

ASYNC_TEST(ShutdownDefaultExecutor, EndsForTheOthersWhenOneTaskIsCancelled) {
  (void)run_in_executor([] { blocking_sleep(2s); });
  auto cancelled = create_task(shutdown_default_executor());
  auto other = create_task(shutdown_default_executor());
  co_await sleep(1s);

  cancelled.cancel();

  EXPECT_EQ(co_await ending_of(other), "ok");
  EXPECT_EQ(now_ms(), 2000);
}

}  // namespace
}  // namespace asyncio
