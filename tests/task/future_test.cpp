#include "asyncio/task/future.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"
#include "support/uncopiable.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::Live;
using test::LiveCount;
using test::new_future;
using test::Reports;
using test::throws;
using test::Trace;
using test::Uncopiable;

std::exception_ptr oops() {
  return std::make_exception_ptr(std::runtime_error("oops"));
}

// --- State ---

ASYNC_TEST(Future, IsNeitherDoneNorCancelledAtFirst) {  // B2
  const auto future = new_future<int>();

  EXPECT_TRUE(future.valid());
  EXPECT_FALSE(future.done());
  EXPECT_FALSE(future.cancelled());
  EXPECT_FALSE(future.is_task());
  EXPECT_EQ(&future.get_loop(), &get_running_loop());  // B1
  co_return;
}

ASYNC_TEST(Future, RefusesToReturnAMissingResult) {  // B8
  const auto future = new_future<int>();

  EXPECT_EQ(throws([&] { (void)future.result(); }), "InvalidStateError: Result is not set.");
  EXPECT_EQ(throws([&] { (void)future.exception(); }), "InvalidStateError: Exception is not set.");
  co_return;
}

ASYNC_TEST(Future, ReturnsItsResultEachTime) {  // B9
  const auto future = new_future<std::string>();

  future.set_result("text");

  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
  EXPECT_EQ(future.result(), "text");
  EXPECT_EQ(future.result(), "text");
  EXPECT_EQ(future.exception(), nullptr);
  co_return;
}

ASYNC_TEST(Future, ThrowsItsErrorAndReturnsTheSameObject) {  // B12
  const auto future = new_future<int>();
  const auto error = oops();

  future.set_exception(error);

  EXPECT_TRUE(future.done());
  EXPECT_EQ(throws([&] { (void)future.result(); }), "std::runtime_error: oops");
  EXPECT_EQ(future.exception(), error);
  co_return;
}

ASYNC_TEST(Future, AcceptsAnErrorByValue) {
  const auto future = new_future<void>();

  future.set_exception(std::runtime_error("oops"));

  EXPECT_EQ(describe(future.exception()), "std::runtime_error: oops");
  co_return;
}

ASYNC_TEST(Future, KeepsItsFirstOutcome) {  // B10
  const auto future = new_future<int>();
  future.set_result(1);

  EXPECT_THROW(future.set_result(2), InvalidStateError);
  EXPECT_THROW(future.set_exception(oops()), InvalidStateError);

  EXPECT_EQ(future.result(), 1);
  co_return;
}

ASYNC_TEST(Future, IsCancelledAtOnce) {  // B5
  const auto future = new_future<int>();

  EXPECT_TRUE(future.cancel());
  EXPECT_TRUE(future.done());
  EXPECT_TRUE(future.cancelled());
  EXPECT_FALSE(future.cancel());
  co_return;
}

ASYNC_TEST(Future, ThrowsCancelledErrorOnceCancelled) {  // B6, B7
  const auto future = new_future<int>();
  future.cancel();

  EXPECT_EQ(throws([&] { (void)future.result(); }), "CancelledError");
  EXPECT_EQ(throws([&] { (void)future.exception(); }), "CancelledError");
  EXPECT_THROW(future.set_result(1), InvalidStateError);
  EXPECT_THROW(future.set_exception(oops()), InvalidStateError);
  co_return;
}

ASYNC_TEST(Future, KeepsTheCancelMessageForEveryReader) {  // B13
  const auto future = new_future<int>();
  future.cancel("why");

  const std::string first = co_await ending_of(future);
  const std::string second = co_await ending_of(future);

  EXPECT_EQ(first, "CancelledError: why");
  EXPECT_EQ(second, "CancelledError: why");
  EXPECT_EQ(throws([&] { (void)future.result(); }), "CancelledError: why");
}

ASYNC_TEST(Future, RefusesACancelOnceDone) {  // B11
  const auto future = new_future<int>();
  future.set_result(1);

  EXPECT_FALSE(future.cancel());
  EXPECT_EQ(future.result(), 1);
  co_return;
}

ASYNC_TEST(Future, StaysPendingWhenItsValueCannotBeCopied) {
  const auto future = new_future<Uncopiable>();
  const Uncopiable value;

  EXPECT_EQ(throws([&] { future.set_result(value); }), "std::runtime_error: copy");

  EXPECT_FALSE(future.done());
  EXPECT_TRUE(future.cancel());
  co_return;
}

ASYNC_TEST(Future, CarriesReferencesMoveOnlyValuesAndVoid) {
  int target = 1;
  const auto reference = new_future<int&>();
  const auto pointer = new_future<std::unique_ptr<int>>();
  const auto nothing = new_future<void>();

  reference.set_result(target);
  pointer.set_result(std::make_unique<int>(2));
  nothing.set_result();

  int& same = co_await reference;
  const std::unique_ptr<int> moved = co_await pointer;
  co_await nothing;
  EXPECT_EQ(&same, &target);
  EXPECT_EQ(&reference.result(), &target);
  EXPECT_EQ(*moved, 2);
}

ASYNC_TEST(Future, DestroysAnUnreadValue) {  // B18
  LiveCount count;
  for (int i = 0; i < 300; ++i) {
    const auto future = new_future<Live>();
    future.set_result(count.make());
  }

  EXPECT_EQ(count.alive(), 0);
  co_return;
}

ASYNC_TEST(Future, ComparesEqualAcrossItsHandles) {
  const auto first = new_future<int>();
  const auto second = new_future<int>();
  const AnyFuture copy = first;

  EXPECT_EQ(copy, first);
  EXPECT_NE(copy, second);
  EXPECT_FALSE(AnyFuture().valid());
  const std::unordered_set<AnyFuture> set{first, second, copy};
  EXPECT_EQ(set.size(), 2U);
  co_return;
}

ASYNC_TEST(Future, CanBeHashedLikeTasks) {
  const auto work = []() -> Coroutine<int> { co_return 1; };
  const auto future = get_running_loop().create_future<int>();
  const auto task = create_task(work());

  const std::unordered_set<Future<int>> futures{future, future, task};
  const std::unordered_set<Task<int>> tasks{task, task};
  const std::unordered_set<AnyTask> any_tasks{task, *current_task()};

  EXPECT_EQ(futures.size(), 2U);
  EXPECT_EQ(tasks.size(), 1U);
  EXPECT_EQ(any_tasks.count(AnyTask(task)), 1U);
  co_await task;
}

// --- Reports ---

ASYNC_TEST(Future, ReportsAnUnretrievedErrorOnce) {  // B25
  const Reports reports(get_running_loop());
  {
    const auto future = new_future<int>();
    future.set_exception(oops());
    const auto copy = future;
  }

  EXPECT_EQ(reports.texts(),
            Trace{"Future exception was never retrieved: std::runtime_error: oops"});
  co_return;
}

ASYNC_TEST(Future, ReportsNothingOnceItsErrorWasRead) {  // B26, B28
  const Reports reports(get_running_loop());
  {
    std::vector<Future<int>> futures;
    for (int i = 0; i < 4; ++i) {
      futures.push_back(new_future<int>());
      futures.back().set_exception(oops());
    }
    (void)futures[0].exception();
    (void)throws([&] { (void)futures[1].result(); });
    futures[2].cancel();
    (void)co_await ending_of(futures[3]);
  }

  EXPECT_EQ(reports.size(), 0U);
}

ASYNC_TEST(Future, ReportsNothingWhenDroppedWithoutAnError) {  // B27
  const Reports reports(get_running_loop());
  {
    const auto pending = new_future<int>();
    const auto done = new_future<int>();
    const auto cancelled = new_future<int>();
    done.set_result(1);
    cancelled.cancel();
  }

  EXPECT_EQ(reports.size(), 0U);
  co_return;
}

ASYNC_TEST(EmptyFuture, IsNotDoneAndRefusesAllOtherCalls) {  // B4
  const Future<int> none;
  const Task<int> no_task;
  const std::string refused = "RuntimeError: the handle stands for no future";

  EXPECT_FALSE(none.done());
  EXPECT_FALSE(none.cancelled());
  EXPECT_EQ(to_string(none), "<no future>");
  EXPECT_EQ(throws([&] { none.cancel(); }), refused);
  EXPECT_EQ(throws([&] { (void)none.result(); }), refused);
  EXPECT_EQ(throws([&] { (void)none.exception(); }), refused);
  EXPECT_EQ(throws([&] { none.set_result(1); }), refused);
  EXPECT_EQ(throws([&] { none.set_exception(ValueError("bad")); }), refused);
  EXPECT_EQ(throws([&] { none.add_done_callback([] {}); }), refused);
  EXPECT_EQ(throws([&] { (void)none.get_loop(); }), refused);
  EXPECT_EQ(throws([&] { (void)no_task.get_name(); }), refused);
  EXPECT_EQ(throws([&] { (void)gather(none); }), refused);
  EXPECT_EQ(throws([&] { (void)shield(none); }), refused);
  EXPECT_EQ(co_await ending_of(none), refused);
  EXPECT_EQ(co_await ending_of(wait_for(none, Duration(1))), refused);
}

}  // namespace
}  // namespace asyncio
