#include "asyncio/task/future.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
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
using test::pass;
using test::Reports;
using test::throws;
using test::Trace;
using test::Uncopiable;

std::exception_ptr oops() {
  return std::make_exception_ptr(std::runtime_error("oops"));
}

Coroutine<int> give(Future<int> future) {
  co_return co_await future;
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

ASYNC_TEST(Future, RefusesToTellAResultItDoesNotHave) {  // B8
  const auto future = new_future<int>();

  EXPECT_EQ(throws([&] { (void)future.result(); }), "InvalidStateError: Result is not set.");
  EXPECT_EQ(throws([&] { (void)future.exception(); }), "InvalidStateError: Exception is not set.");
  co_return;
}

ASYNC_TEST(Future, GivesItsResultAtEachReading) {  // B9
  const auto future = new_future<std::string>();

  future.set_result("text");

  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
  EXPECT_EQ(future.result(), "text");
  EXPECT_EQ(future.result(), "text");
  EXPECT_EQ(future.exception(), nullptr);
  co_return;
}

ASYNC_TEST(Future, ThrowsItsErrorAndHandsOutTheVeryObject) {  // B12
  const auto future = new_future<int>();
  const auto error = oops();

  future.set_exception(error);

  EXPECT_TRUE(future.done());
  EXPECT_EQ(throws([&] { (void)future.result(); }), "std::runtime_error: oops");
  EXPECT_EQ(future.exception(), error);
  co_return;
}

ASYNC_TEST(Future, TakesAnErrorByValue) {
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

ASYNC_TEST(Future, IsCancelledInsideTheCall) {  // B5
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

ASYNC_TEST(Future, RefusesACancelOnceItIsDone) {  // B11
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

ASYNC_TEST(Future, CarriesReferencesMoveOnlyThingsAndNothing) {
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

ASYNC_TEST(Future, DropsAValueThatNobodyReads) {  // B18
  LiveCount count;
  for (int i = 0; i < 300; ++i) {
    const auto future = new_future<Live>();
    future.set_result(count.make());
  }

  EXPECT_EQ(count.alive(), 0);
  co_return;
}

ASYNC_TEST(Future, IsEqualToItsOtherHandles) {
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

// --- Awaiting ---

ASYNC_TEST(Future, AndTasksOfEachTypeCanBeHashed) {
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

ASYNC_TEST(Future, TakesNoTurnToAwaitWhenItIsDone) {  // B14, SEMANTICS 4
  const auto future = new_future<int>();
  future.set_result(5);
  const test::TurnCount turns;

  const int first = co_await future;
  const int second = co_await future;

  EXPECT_EQ(first + second, 10);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Future, ResumesItsAwaiterOneTurnAfterTheResult) {  // B42, SEMANTICS 4
  const auto future = new_future<int>();
  const test::TurnCount turns;
  int set_at = 0;
  get_running_loop().call_soon([&] {
    future.set_result(8);
    set_at = turns.now();
  });

  const int value = co_await future;

  EXPECT_EQ(value, 8);
  EXPECT_EQ(turns.now(), set_at + 1);
}

ASYNC_TEST(Future, NeverRunsAnybodyInsideSetResult) {  // SEMANTICS 3
  const auto future = new_future<int>();
  Trace trace;
  future.add_done_callback([&] { trace.push_back("callback"); });

  future.set_result(1);
  trace.push_back("after set_result");
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"after set_result", "callback"}));
}

ASYNC_TEST(Future, WakesItsAwaitersAndCallbacksInTheirOrder) {  // B19
  const auto future = new_future<int>();
  Trace trace;
  const auto await_it = [&](std::string name) -> Coroutine<void> {
    co_await future;
    trace.push_back(name);
  };
  const auto first = create_task(await_it("task 1"));
  co_await pass(1);
  future.add_done_callback([&] { trace.push_back("callback 1"); });
  const auto second = create_task(await_it("task 2"));
  co_await pass(1);
  future.add_done_callback([&] { trace.push_back("callback 2"); });

  future.set_result(1);
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"task 1", "callback 1", "task 2", "callback 2"}));
}

ASYNC_TEST(Future, GivesEachAwaiterACopyOfItsValue) {
  const auto future = new_future<std::vector<int>>();
  const auto size = [](Future<std::vector<int>> of) -> Coroutine<std::size_t> {
    const auto value = co_await of;
    co_return value.size();
  };
  const auto a = create_task(size(future));
  const auto b = create_task(size(future));
  co_await pass(1);

  future.set_result(std::vector<int>(3, 1));
  const std::size_t sum = co_await a + co_await b;

  EXPECT_EQ(sum, 6U);
  EXPECT_EQ(future.result().size(), 3U);
}

ASYNC_TEST(Future, MovesItsValueToTheLastHolder) {
  struct CountsCopies {
    explicit CountsCopies(int& count) : copies(&count) {}
    CountsCopies(const CountsCopies& other) : copies(other.copies) { ++*copies; }
    CountsCopies(CountsCopies&&) = default;
    CountsCopies& operator=(const CountsCopies&) = default;
    CountsCopies& operator=(CountsCopies&&) = default;
    int* copies;
  };
  int copies = 0;
  auto future = new_future<CountsCopies>();
  future.set_result(CountsCopies(copies));

  const CountsCopies value = co_await std::move(future);

  EXPECT_EQ(copies, 0);
  EXPECT_EQ(value.copies, &copies);
}

ASYNC_TEST(Future, ThrowsTheSameErrorToEachAwaiter) {  // B15
  const auto future = new_future<int>();
  const auto a = create_task(give(future));
  const auto b = create_task(give(future));
  co_await pass(1);

  future.set_exception(oops());
  const std::string first = co_await ending_of(a);
  const std::string second = co_await ending_of(b);

  EXPECT_EQ(first, "std::runtime_error: oops");
  EXPECT_EQ(second, "std::runtime_error: oops");
  EXPECT_EQ(a.exception(), b.exception());
}

ASYNC_TEST(Future, CanBeAwaitedWithoutItsType) {
  const auto future = new_future<int>();
  get_running_loop().call_later(1s, [&] { future.set_result(1); });

  co_await AnyFuture(future);

  EXPECT_TRUE(future.done());
}

// --- Reports ---

ASYNC_TEST(Future, ReportsAnErrorThatNobodyRetrievedOnce) {  // B25
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

ASYNC_TEST(Future, ReportsNothingOnceTheErrorWasRead) {  // B26, B28
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

ASYNC_TEST(Future, ReportsNothingWhenItIsDroppedWithoutAnError) {  // B27
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

ASYNC_TEST(EmptyFuture, IsNotDoneAndRefusesTheRest) {  // B4
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
