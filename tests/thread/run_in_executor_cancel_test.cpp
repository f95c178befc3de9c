// run_in_executor() whose future is cancelled before the function returns.

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "asyncio/thread/executor.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::Gate;
using test::LiveCount;
using test::run_real;

Coroutine<void> cancels_a_running_function() {
  Gate begun;
  Gate gate;
  std::atomic<bool> ended = false;
  LiveCount results;
  auto future = run_in_executor([&] {
    begun.open();
    gate.wait();
    ended = true;
    return results.make();
  });
  begun.wait();

  future.cancel();
  EXPECT_EQ(co_await ending_of(future), "CancelledError");
  EXPECT_FALSE(ended);

  gate.open();
  co_await shutdown_default_executor();
  EXPECT_TRUE(ended);
  EXPECT_EQ(results.alive(), 0);
}

TEST(RunInExecutor, EndsAtOnceAndDropsTheResultWhenCancelled) {
  run_real(cancels_a_running_function());
}

Coroutine<void> cancels_a_function_that_will_throw() {
  Gate begun;
  Gate gate;
  auto future = run_in_executor([&] {
    begun.open();
    gate.wait();
    throw std::runtime_error("never reported");
  });
  begun.wait();

  future.cancel();
  gate.open();
  co_await shutdown_default_executor();

  EXPECT_TRUE(future.cancelled());
}

TEST(RunInExecutor, DropsTheErrorWithoutAReportWhenCancelled) {
  run_real(cancels_a_function_that_will_throw());
}

Coroutine<void> cancels_a_function_that_waits() {
  bool ran = false;
  LiveCount captures;
  Gate gate;
  ThreadPoolExecutor pool(1);
  const auto blocking = run_in_executor(pool, [&] { gate.wait(); });
  const auto waiting = run_in_executor(pool, [&, live = captures.make()] { ran = true; });

  waiting.cancel();
  co_await test::pass(2);
  gate.open();
  pool.shutdown(true);
  co_await blocking;
  co_await sleep(1ms);

  EXPECT_FALSE(ran);
  EXPECT_EQ(captures.alive(), 0);
  EXPECT_EQ(get_running_loop().jobs_in_flight(), 0U);
}

TEST(RunInExecutor, DoesNotCallTheFunctionWhenCancelledBeforeItsStart) {
  run_real(cancels_a_function_that_waits());
}

ASYNC_TEST(RunInExecutor, DoesNotCallTheFunctionWhenCancelledBeforeItsStartOnAVirtualClock) {
  bool ran = false;
  LiveCount captures;
  ThreadPoolExecutor pool(1);
  const auto sleeping = run_in_executor(pool, [] { blocking_sleep(1s); });
  const auto waiting = run_in_executor(pool, [&, live = captures.make()] { ran = true; });

  waiting.cancel();
  co_await sleeping;
  co_await sleep(1s);

  EXPECT_FALSE(ran);
  EXPECT_EQ(captures.alive(), 0);
  EXPECT_EQ(get_running_loop().jobs_in_flight(), 0U);
}

}  // namespace
}  // namespace asyncio
