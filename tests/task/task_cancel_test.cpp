// Cancelling tasks: rules 5 to 8 of the semantics.

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <string>
#include <type_traits>

#include "asyncio/task/task.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::await_it;
using test::ending_of;
using test::for_ever;
using test::now_ms;
using test::pass;
using test::throws;
using test::Trace;

static_assert(!std::is_base_of_v<std::exception, CancelledError>);  // rule 5

ASYNC_TEST(TaskCancel, IsNotCaughtAsAStandardException) {  // rule 5
  bool swallowed = false;
  const auto work = [&]() -> Coroutine<void> {
    try {
      co_await sleep(1h);
    } catch (const std::exception&) {
      swallowed = true;
    }
  };
  const auto task = create_task(work());
  co_await pass(1);

  task.cancel();
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_FALSE(swallowed);
  EXPECT_TRUE(task.cancelled());
}

ASYNC_TEST(TaskCancel, ThrowsAtTheInnermostAwaitAndUnwindsEachLevel) {  // rule 6, B74
  Trace trace;
  const auto level = [&](auto self, int depth) -> Coroutine<void> {
    try {
      if (depth == 0) co_await sleep(1h);
      if (depth > 0) co_await self(self, depth - 1);
    } catch (const CancelledError& error) {
      trace.push_back(std::to_string(depth) + error.message());
      throw;
    }
  };
  const auto task = create_task(level(level, 2));
  co_await pass(1);

  task.cancel("!");
  (void)co_await ending_of(task);

  EXPECT_EQ(trace, (Trace{"0!", "1!", "2!"}));
  EXPECT_EQ(now_ms(), 0);  // B78
}

ASYNC_TEST(TaskCancel, LetsTheCleanupAwaitBeforeTheTaskEnds) {  // rule 6
  const auto work = []() -> Coroutine<void> {
    std::exception_ptr error;
    try {
      co_await sleep(1h);
    } catch (...) {
      error = std::current_exception();
    }
    co_await sleep(3s);
    std::rethrow_exception(error);
  };
  const auto task = create_task(work());
  co_await pass(1);

  task.cancel();
  co_await sleep(1s);
  EXPECT_FALSE(task.done());
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(task.cancelling(), 1);
  (void)co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(TaskCancel, IsDeliveredOnceAndThenForgotten) {  // rule 7, B69, B70
  const auto work = []() -> Coroutine<int> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
    }
    co_await sleep(1s);  // not cancelled again
    co_return 9;
  };
  const auto task = create_task(work());
  co_await pass(1);

  task.cancel();
  const int value = co_await task;

  EXPECT_EQ(value, 9);
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(task.cancelling(), 1);
}

ASYNC_TEST(TaskCancel, IsTheOutcomeOfATaskThatThrowsCancelledError) {
  const auto work = []() -> Coroutine<void> {
    co_await sleep(0s);
    throw CancelledError("own");
  };
  const auto task = create_task(work());

  const std::string ending = co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(ending, "CancelledError: own");
  EXPECT_EQ(task.cancelling(), 0);
}

ASYNC_TEST(TaskCancel, ReachesEveryAwaiterWithItsMessage) {  // B76
  const auto task = create_task(for_ever());
  const auto a = create_task(await_it(task));
  const auto b = create_task(await_it(task));
  co_await pass(1);

  task.cancel("all");
  const std::string first = co_await ending_of(a);
  const std::string second = co_await ending_of(b);

  EXPECT_EQ(first, "CancelledError: all");
  EXPECT_EQ(second, "CancelledError: all");
  EXPECT_EQ(throws([&] { (void)task.exception(); }), "CancelledError: all");
}

ASYNC_TEST(TaskCancel, UsesTheLastMessageOfSeveralRequests) {
  const auto task = create_task(for_ever());

  task.cancel("first");
  task.cancel("second");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: second");
}

ASYNC_TEST(TaskCancel, IsKeptAsTheCauseOfAnErrorThatReplacesIt) {  // B77
  const auto turn = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      throw RuntimeError("turned", std::current_exception());
    }
  };
  const auto task = create_task(turn());
  co_await pass(1);

  task.cancel("why");
  std::string cause;
  try {
    co_await task;
  } catch (const RuntimeError& error) {
    cause = describe(error.cause());
  }

  EXPECT_EQ(cause, "CancelledError: why");
  EXPECT_FALSE(task.cancelled());
}

}  // namespace
}  // namespace asyncio
