#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "asyncio/combine/timeout.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::kTimedOut;
using test::now_ms;
using test::number_after;
using test::pass;

ASYNC_TEST(WaitFor, ReturnsTheValueInTime) {  // B114, B120
  int target = 1;
  const auto refer = [](int& value) -> Coroutine<int&> { co_return value; };
  const auto make = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };

  const int a = co_await wait_for(number_after(1, 1s), 2s);
  const int b = co_await wait_for(create_task(number_after(2, 1s)), std::nullopt);
  const auto pointer = co_await wait_for(make(), 1s);
  int& same = co_await wait_for(refer(target), 1s);

  EXPECT_EQ(a + b + *pointer, 6);
  EXPECT_EQ(&same, &target);
}

ASYNC_TEST(WaitFor, RunsACoroutineInTheCurrentTask) {  // rule 17
  const auto name = []() -> Coroutine<std::string> {
    co_await sleep(0s);
    co_return current_task()->get_name();
  };

  const std::string inside = co_await wait_for(name(), 1s);

  EXPECT_EQ(inside, "Task-1");
}

ASYNC_TEST(WaitFor, ResumesOneTurnAfterATasksEnd) {  // SEMANTICS 4
  const test::TurnCount turns;
  int ended_at = 0;
  const auto work = [&]() -> Coroutine<void> {
    co_await pass(2);
    ended_at = turns.now();
  };

  co_await wait_for(create_task(work()), 1h);

  EXPECT_EQ(turns.now(), ended_at + 1);
}

ASYNC_TEST(WaitFor, CancelsAndWaitsForTheEndAtTheDeadline) {  // B115, B122
  const auto stubborn = []() -> Coroutine<void> {
    std::exception_ptr error;
    try {
      co_await for_ever();
    } catch (...) {
      error = std::current_exception();
    }
    co_await sleep(3s);
    std::rethrow_exception(error);
  };
  const auto task = create_task(stubborn());

  const std::string ending = co_await ending_of(wait_for(task, 1s));

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(now_ms(), 4000);
}

ASYNC_TEST(WaitFor, ReturnsTheValueOrErrorOfATaskThatIgnoresTheCancel) {  // rule 17, B123, B124
  const auto ignore = [](bool fail) -> Coroutine<int> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    if (fail) throw std::runtime_error("own");
    co_return 6;
  };

  const int value = co_await wait_for(create_task(ignore(false)), 1s);
  const int in_place = co_await wait_for(ignore(false), 1s);
  const std::string ending = co_await ending_of(wait_for(create_task(ignore(true)), 1s));

  EXPECT_EQ(value, 6);
  EXPECT_EQ(in_place, 6);
  EXPECT_EQ(ending, "std::runtime_error: own");
}

ASYNC_TEST(WaitFor, ReturnsAtOnceForZeroIfTheFutureIsDone) {  // B117
  const auto done = get_running_loop().create_future<int>();
  done.set_result(4);
  const test::TurnCount turns;

  const int value = co_await wait_for(done, 0s);

  EXPECT_EQ(value, 4);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(WaitFor, NeverStartsACoroutineForZero) {  // B118
  bool begun = false;
  const auto work = [&]() -> Coroutine<void> {
    begun = true;
    co_return;
  };

  const std::string ending = co_await ending_of(wait_for(work(), -1s));

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_FALSE(begun);
}

ASYNC_TEST(WaitFor, CancelsARunningTaskForZeroAndResumesTwoTurnsAfterItsEnd) {  // B116, B119
  const test::TurnCount turns;
  int ended_at = 0;
  const auto work = [&]() -> Coroutine<void> {
    std::exception_ptr error;
    try {
      co_await for_ever();
    } catch (...) {
      error = std::current_exception();
    }
    co_await pass(2);
    ended_at = turns.now();
    std::rethrow_exception(error);
  };
  const auto task = create_task(work());
  co_await pass(1);

  std::string cause;
  try {
    co_await wait_for(task, 0s);
  } catch (const TimeoutError& error) {
    cause = describe(error.cause());
  }

  EXPECT_EQ(cause, "CancelledError");
  EXPECT_EQ(turns.now(), ended_at + 2);
}

ASYNC_TEST(WaitFor, CancelsTheInnerTaskWithItself) {  // B121
  const auto inner = create_task(for_ever());
  const auto limited = create_task(wait_for(inner, 5s));
  const auto unlimited_inner = create_task(for_ever());
  const auto unlimited = create_task(wait_for(unlimited_inner, std::nullopt));
  co_await pass(2);

  limited.cancel();
  unlimited.cancel();
  (void)co_await ending_of(limited);
  (void)co_await ending_of(unlimited);

  EXPECT_TRUE(limited.cancelled());
  EXPECT_TRUE(inner.cancelled());
  EXPECT_TRUE(unlimited_inner.cancelled());
}

ASYNC_TEST(WaitFor, SeesACancelThatComesRightAfterTheInnerEnd) {  // B125
  const auto inner = get_running_loop().create_future<void>();
  const auto task = create_task(wait_for(inner, 5s));
  co_await pass(1);

  inner.set_result();
  task.cancel();
  (void)co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
}

ASYNC_TEST(WaitFor, LeavesAShieldedTaskRunning) {  // B126
  const auto work = create_task(number_after(8, 5s));

  const std::string ending = co_await ending_of(wait_for(shield(work), 1s));
  EXPECT_EQ(ending, kTimedOut);

  const int value = co_await work;
  EXPECT_EQ(value, 8);
}

}  // namespace
}  // namespace asyncio
