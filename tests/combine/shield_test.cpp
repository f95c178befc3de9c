#include "asyncio/combine/shield.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "support/async_test.hpp"
#include "support/live.hpp"
#include "support/uncopiable.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::LiveCount;
using test::new_future;
using test::now_ms;
using test::number_after;
using test::pass;
using test::Reports;
using test::throws;
using test::Trace;
using test::Uncopiable;

Coroutine<void> await_it(AnyFuture future) {
  co_await future;
}

ASYNC_TEST(Shield, PassesTheResultOn) {  // B155
  int target = 1;
  const auto reference = new_future<int&>();
  const auto shielded = shield(reference);
  reference.set_result(target);

  const int value = co_await shield(number_after(3, 1s));
  int& same = co_await shielded;

  EXPECT_EQ(value, 3);
  EXPECT_EQ(&same, &target);
}

ASYNC_TEST(Shield, PassesTheVeryErrorOn) {  // B155
  const auto inner = new_future();
  const auto outer = shield(inner);
  inner.set_exception(std::runtime_error("oops"));
  co_await pass(1);

  EXPECT_TRUE(outer.done());
  EXPECT_EQ(outer.exception(), inner.exception());
}

ASYNC_TEST(Shield, IsCancelledWithTheInnerFuture) {  // rule 19, B155
  const auto inner = new_future();
  const auto outer = shield(inner);

  inner.cancel();
  co_await pass(1);

  EXPECT_TRUE(outer.cancelled());
}

ASYNC_TEST(Shield, LeavesTheInnerTaskRunningWhenItIsCancelled) {  // rule 19, B156, B157
  const auto inner = create_task(number_after(5, 3s));
  const auto task = create_task(await_it(shield(inner)));
  co_await sleep(1s);

  task.cancel("outer");
  const std::string ending = co_await ending_of(task);
  EXPECT_EQ(ending, "CancelledError: outer");
  EXPECT_FALSE(inner.done());

  const int value = co_await inner;
  EXPECT_EQ(value, 5);
}

ASYNC_TEST(Shield, ReturnsADoneFutureItself) {  // SEMANTICS 4, B158
  const auto inner = new_future();
  inner.set_result(1);

  EXPECT_EQ(shield(inner), inner);
  co_return;
}

ASYNC_TEST(Shield, ResumesItsAwaiterTwoTurnsAfterTheInnerEnd) {  // SEMANTICS 4
  const auto inner = new_future();
  const test::TurnCount turns;
  get_running_loop().call_soon([&] { inner.set_result(1); });

  (void)co_await shield(inner);

  EXPECT_EQ(turns.now(), 1 + 2);
}

ASYNC_TEST(Shield, ReleasesTheInnerFutureOnceItIsCancelled) {  // B156
  LiveCount count;
  auto inner = new_future();
  auto outer = shield(inner);
  outer.add_done_callback([live = count.make()] {});

  outer.cancel();
  co_await pass(1);
  outer = {};
  EXPECT_EQ(count.alive(), 0);

  inner.set_result(1);
}

ASYNC_TEST(Shield, ReportsALaterErrorOfTheInnerTaskThatIsNeverRetrieved) {
  const Reports reports(get_running_loop());
  {
    const auto inner = new_future();
    const auto outer = shield(inner);
    outer.cancel();
    co_await pass(2);
    inner.set_exception(std::runtime_error("late"));
    co_await pass(2);
  }

  EXPECT_EQ(reports.texts(),
            Trace{"Future exception was never retrieved: std::runtime_error: late"});
}

ASYNC_TEST(Shield, RetrievesAnErrorThatComesInTheTurnOfItsCancel) {
  const Reports reports(get_running_loop());
  {
    const auto inner = new_future();
    const auto outer = shield(inner);
    outer.cancel();
    inner.set_exception(std::runtime_error("at once"));
    co_await pass(2);
  }

  EXPECT_EQ(reports.size(), 0U);
}

ASYNC_TEST(Shield, KeepsTheChildrenRunningAroundAGatherAndInsideOne) {  // B159
  const auto a = create_task(for_ever());
  const auto b = create_task(for_ever());
  const auto all = gather(a, b);
  const auto around = shield(all);
  const auto inside = gather(shield(a), shield(b));
  co_await pass(1);

  around.cancel();
  inside.cancel();
  co_await pass(3);

  EXPECT_TRUE(around.cancelled());
  EXPECT_TRUE(inside.done());
  EXPECT_FALSE(a.done());
  EXPECT_FALSE(b.done());
  (void)throws([&] { (void)inside.exception(); });
  all.cancel();
  (void)co_await ending_of(all);
}

ASYNC_TEST(Shield, RunsACoroutineEvenIfItsFutureIsDropped) {
  bool ended = false;
  const auto work = [&]() -> Coroutine<void> {
    co_await sleep(1s);
    ended = true;
  };

  (void)shield(work());
  co_await sleep(2s);

  EXPECT_TRUE(ended);
}

ASYNC_TEST(Shield, CarriesMoveOnlyResults) {
  const auto make = []() -> Coroutine<std::unique_ptr<int>> {
    co_await sleep(0s);
    co_return std::make_unique<int>(4);
  };

  const std::unique_ptr<int> value = co_await shield(make());

  EXPECT_EQ(*value, 4);
}

ASYNC_TEST(Shield, FailsWhenTheResultCannotBeCopied) {
  const auto inner = new_future<Uncopiable>();
  const auto outer = shield(inner);
  inner.set_result(Uncopiable());

  const std::string ending = co_await ending_of(outer);

  EXPECT_EQ(ending, "std::runtime_error: copy");
}

TEST(Shield, NeedsARunningLoopForACoroutine) {  // B160
  EXPECT_EQ(throws([] { (void)shield(for_ever()); }), "RuntimeError: no running event loop");
}

ASYNC_TEST(Shield, PassesTheEndAndTheErrorOfAnyFutureOn) {
  const auto work = create_task(number_after(3, 1s));
  const auto failing = new_future();
  get_running_loop().call_later(2s, [&] { failing.set_exception(std::runtime_error("oops")); });

  const AnyFuture outer = shield(AnyFuture(work));
  co_await outer;
  const std::string ending = co_await ending_of(shield(AnyFuture(failing)));

  EXPECT_NE(outer, AnyFuture(work));
  EXPECT_EQ(now_ms(), 2000);
  EXPECT_EQ(ending, "std::runtime_error: oops");
}

ASYNC_TEST(Shield, KeepsACancelFromAnyFuture) {
  const auto work = create_task(number_after(3, 1s));
  const AnyFuture outer = shield(AnyFuture(work));

  outer.cancel();
  const int value = co_await work;

  EXPECT_TRUE(outer.cancelled());
  EXPECT_EQ(value, 3);
}

ASYNC_TEST(Shield, ReturnsAnyFutureThatIsDoneItself) {  // B158
  const auto future = new_future();
  future.set_result(1);

  EXPECT_EQ(shield(AnyFuture(future)), AnyFuture(future));
  co_return;
}

ASYNC_TEST(Shield, NamesTheFutureItWaitsFor) {
  const auto work = create_task(number_after(3, 1s), "work");
  const auto outer = shield(work);

  EXPECT_EQ(outer.state()->describe(), "shield() of work");
  (void)co_await outer;
}

TEST(Shield, IsDestroyedWithTheLastHandleIfItsLoopIsClosed) {
  LiveCount count;
  {
    EventLoop loop;
    const auto inner = loop.create_future<int>();
    inner.add_done_callback([live = count.make()](const auto&) {});
    loop.close();
    const auto outer = shield(inner);
    EXPECT_FALSE(outer.done());
  }
  EXPECT_EQ(count.alive(), 0);
}

}  // namespace
}  // namespace asyncio
