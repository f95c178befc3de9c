// Withdrawing a cancel: rule 12 of the semantics.

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "asyncio/task/task.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::now_ms;
using test::pass;

ASYNC_TEST(TaskUncancel, CountsRequestsAndNeverFallsBelowZero) {  // B79, B80
  const auto task = create_task(for_ever());
  co_await pass(1);
  EXPECT_EQ(task.cancelling(), 0);
  EXPECT_EQ(task.uncancel(), 0);

  task.cancel();
  task.cancel();

  EXPECT_EQ(task.cancelling(), 2);
  EXPECT_EQ(task.uncancel(), 1);
  EXPECT_EQ(task.uncancel(), 0);
  EXPECT_EQ(task.uncancel(), 0);
  (void)co_await ending_of(task);
  EXPECT_TRUE(task.cancelled());  // the cancel had reached the future already
}

ASYNC_TEST(TaskUncancel, WithdrawsAnUndeliveredCancel) {  // B82
  const auto work = []() -> Coroutine<int> {
    current_task()->cancel();
    current_task()->uncancel();
    co_await sleep(1s);
    co_return 3;
  };
  const auto other = []() -> Coroutine<int> { co_return 4; };
  const auto unstarted = create_task(other());
  unstarted.cancel();
  unstarted.uncancel();

  const int first = co_await create_task(work());
  const int second = co_await unstarted;

  EXPECT_EQ(first, 3);
  EXPECT_EQ(second, 4);
}

ASYNC_TEST(TaskUncancel, KeepsACancelWhileAnotherRequestRemains) {
  const auto work = []() -> Coroutine<void> {
    current_task()->cancel();
    current_task()->cancel();
    current_task()->uncancel();
    co_await sleep(1s);
  };

  const std::string ending = co_await ending_of(create_task(work()));

  EXPECT_EQ(ending, "CancelledError");
}

ASYNC_TEST(TaskUncancel, AllowsTheTaskToBeCancelledAgain) {  // B81
  const auto work = []() -> Coroutine<void> {
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      current_task()->uncancel();
    }
    co_await sleep(1h);
  };
  const auto task = create_task(work());
  co_await pass(1);
  task.cancel();
  co_await pass(2);
  EXPECT_EQ(task.cancelling(), 0);

  task.cancel();
  (void)co_await ending_of(task);

  EXPECT_TRUE(task.cancelled());
  EXPECT_EQ(task.cancelling(), 1);
}

ASYNC_TEST(TaskUncancel, LeavesLaterAwaitsUndisturbed) {  // B83
  const auto block = []() -> Coroutine<bool> {
    bool interrupted = false;
    current_task()->cancel();
    try {
      co_await sleep(1h);
    } catch (const CancelledError&) {
      interrupted = current_task()->uncancel() == 0;
    }
    co_return interrupted;
  };

  const bool interrupted = co_await block();
  co_await sleep(1s);

  EXPECT_TRUE(interrupted);
  EXPECT_EQ(current_task()->cancelling(), 0);
  EXPECT_EQ(now_ms(), 1000);
}

}  // namespace
}  // namespace asyncio
