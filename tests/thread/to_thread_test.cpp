#include "asyncio/thread/to_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/async_test.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::Gate;
using test::run_real;
using test::throw_no_luck;

Coroutine<void> gives_the_value() {
  const auto own = std::this_thread::get_id();

  const auto other = co_await to_thread(std::this_thread::get_id);

  EXPECT_NE(own, other);
}

TEST(ToThread, ReturnsTheValueOfAFunctionOnAnotherThread) {  // B331
  run_real(gives_the_value());
}

ASYNC_TEST(ToThread, PassesItsArgumentsOn) {  // B331
  const int sum = co_await to_thread([](int a, int b) { return a + b; }, 3, 4);

  EXPECT_EQ(sum, 7);
}

ASYNC_TEST(ToThread, CallsTheFunctionOnce) {  // B331
  int calls = 0;

  co_await to_thread([&] { ++calls; });

  EXPECT_EQ(calls, 1);
}

ASYNC_TEST(ToThread, MovesItsArguments) {
  auto argument = std::make_unique<int>(7);

  const std::unique_ptr<int> given =
      co_await to_thread([](std::unique_ptr<int> value) { return value; }, std::move(argument));

  EXPECT_EQ(*given, 7);
}

ASYNC_TEST(ToThread, ReturnsAReference) {
  int number = 0;

  int& given = co_await to_thread([&]() -> int& { return number; });

  EXPECT_EQ(&given, &number);
}

ASYNC_TEST(ToThread, ThrowsTheErrorOfTheFunction) {  // B332
  EXPECT_EQ(co_await ending_of(to_thread(throw_no_luck)), "std::runtime_error: no luck");
}

ASYNC_TEST(ToThread, DoesNothingUntilItIsAwaited) {
  bool ran = false;

  {
    auto never_awaited = to_thread([&] { ran = true; });
    co_await test::pass(3);
    EXPECT_EQ(get_running_loop().jobs_in_flight(), 0U);
    never_awaited.close();
  }

  EXPECT_FALSE(ran);
}

ASYNC_TEST(ToThread, CanBeGatheredManyTimes) {  // B333
  std::vector<Coroutine<int>> calls;
  for (int i = 0; i < 100; ++i) {
    calls.push_back(to_thread([](int number) { return number; }, i));
  }

  const std::vector<int> values = co_await gather(std::move(calls));

  for (int i = 0; i < 100; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
}

Coroutine<void> cancels_the_await() {
  Gate begun;
  Gate gate;
  std::atomic<bool> ended = false;
  auto task = create_task(to_thread([&] {
    begun.open();
    gate.wait();
    ended = true;
  }));
  co_await sleep(0s);
  begun.wait();

  task.cancel();
  EXPECT_EQ(co_await ending_of(task), "CancelledError");
  EXPECT_FALSE(ended);

  gate.open();
  co_await shutdown_default_executor();
  EXPECT_TRUE(ended);
}

TEST(ToThread, EndsAtOnceWhenCancelledWhileTheFunctionContinues) {
  run_real(cancels_the_await());
}

ASYNC_TEST(ToThread, CanHaveATimeLimit) {
  const std::string ending =
      co_await ending_of(wait_for(to_thread([] { blocking_sleep(10s); }), 1s));

  EXPECT_EQ(ending, test::kTimedOut);
  EXPECT_EQ(test::now_ms(), 1000);
}

Coroutine<void> runs_beside_the_loop() {
  Gate gate;
  get_running_loop().call_later(1ms, [&] { gate.open(); });

  co_await to_thread([&] { gate.wait(); });  // hangs if the loop is blocked
}

TEST(ToThread, LetsTheLoopContinueMeanwhile) {
  run_real(runs_beside_the_loop());
}

ASYNC_TEST(ToThread, IsRefusedAfterTheShutdownOfTheDefaultExecutor) {
  co_await shutdown_default_executor();

  EXPECT_EQ(co_await ending_of(to_thread([] {})),
            "RuntimeError: Executor shutdown has been called");
}

}  // namespace
}  // namespace asyncio
