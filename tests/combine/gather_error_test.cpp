// gather() when children fail or are cancelled.

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "asyncio/combine/gather.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"
#include "support/uncopiable.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail;
using test::for_ever;
using test::new_future;
using test::now_ms;
using test::number_after;
using test::pass;
using test::Reports;
using test::throws;
using test::Uncopiable;

// --- Errors ---

ASYNC_TEST(Gather, FailsWithTheFirstErrorWhileTheOthersContinue) {  // rule 14, B90
  const auto slow = create_task(number_after(1, 5s));

  const std::string ending = co_await ending_of(gather(slow, fail("oops", 1s)));
  EXPECT_EQ(ending, "std::runtime_error: oops");
  EXPECT_EQ(now_ms(), 1000);
  EXPECT_FALSE(slow.done());

  const int value = co_await slow;
  EXPECT_EQ(value, 1);
}

ASYNC_TEST(Gather, RetrievesLaterErrorsOfTheOthers) {  // rule 14, B91
  const Reports reports(get_running_loop());
  {
    const std::string ending = co_await ending_of(gather(fail("first", 1s), fail("second", 2s)));
    EXPECT_EQ(ending, "std::runtime_error: first");
  }

  co_await sleep(5s);

  EXPECT_EQ(reports.size(), 0U);
}

ASYNC_TEST(Gather, ReportsAnErrorThatIsNeverRetrieved) {
  const Reports reports(get_running_loop());

  (void)gather(fail("oops", 1s));
  co_await sleep(2s);

  EXPECT_EQ(reports.texts(),
            test::Trace{"Future exception was never retrieved: std::runtime_error: oops"});
}

ASYNC_TEST(Gather, ReturnsErrorsAndCancelsAsResultsOnRequest) {  // rule 14, B89, B93
  const auto cancelled = create_task(number_after(1, 1h));
  cancelled.cancel("why");

  const auto outcome =
      co_await gather(return_exceptions, number_after(5, 2s), fail("oops", 1s), cancelled, pass(1));

  EXPECT_EQ(std::get<0>(outcome).value(), 5);
  EXPECT_EQ(describe(std::get<1>(outcome).error()), "std::runtime_error: oops");
  EXPECT_TRUE(std::get<2>(outcome).cancelled());
  EXPECT_EQ(describe(std::get<2>(outcome).error()), "CancelledError: why");
  EXPECT_TRUE(std::get<3>(outcome).has_value());
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(Gather, CountsACancelledChildAsAnErrorAndIsNotCancelledItself) {  // rule 15, B92
  const auto child = create_task(for_ever());
  const auto sibling = create_task(number_after(2, 1s));
  const auto all = gather(child, sibling);
  co_await pass(1);

  child.cancel();
  const std::string ending = co_await ending_of(all);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_TRUE(all.done());
  EXPECT_FALSE(all.cancelled());
  EXPECT_FALSE(sibling.done());
  co_await sibling;
}

ASYNC_TEST(Gather, FailsWhenAResultCannotBeCopied) {
  const auto future = new_future<Uncopiable>();
  const auto all = gather(future, number_after(1, 0s));
  future.set_result(Uncopiable());

  const std::string ending = co_await ending_of(all);

  EXPECT_EQ(ending, "std::runtime_error: copy");
}

ASYNC_TEST(Gather, FailsInsideTheCallWhenAResultCannotBeCopied) {
  const auto future = new_future<Uncopiable>();
  future.set_result(Uncopiable());

  const std::string ending = co_await ending_of(gather(future));

  EXPECT_EQ(ending, "std::runtime_error: copy");
}

// --- Cancellation ---

ASYNC_TEST(Gather, PassesACancelToItsChildrenAndWaitsForThem) {  // rule 15
  const auto stubborn = [](Duration cleanup) -> Coroutine<void> {
    std::exception_ptr error;
    try {
      co_await for_ever();
    } catch (...) {
      error = std::current_exception();
    }
    co_await sleep(cleanup);
    std::rethrow_exception(error);
  };
  const auto a = create_task(stubborn(1s));
  const auto b = create_task(stubborn(3s));
  const auto all = gather(return_exceptions, a, b);
  co_await pass(1);

  EXPECT_TRUE(all.cancel("all"));
  EXPECT_FALSE(all.done());
  const std::string ending = co_await ending_of(all);

  EXPECT_EQ(ending, "CancelledError: all");  // even with return_exceptions, B96
  EXPECT_EQ(now_ms(), 3000);
  EXPECT_TRUE(a.cancelled());
  EXPECT_TRUE(b.cancelled());
  EXPECT_FALSE(all.cancel());
}

ASYNC_TEST(Gather, ThrowsCancelledErrorAfterACancelThatTheChildrenIgnored) {  // rule 15
  const auto ignore = []() -> Coroutine<int> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_return 1;
  };
  const auto all = gather(return_exceptions, ignore(), ignore());
  co_await pass(2);

  all.cancel();
  const std::string ending = co_await ending_of(all);

  EXPECT_EQ(ending, "CancelledError");
}

ASYNC_TEST(Gather, RefusesACancelOnceAllChildrenAreDone) {  // B95
  const auto a = new_future();
  const auto b = new_future();
  const auto all = gather(a, b);
  a.set_result(1);
  b.set_result(2);

  EXPECT_FALSE(all.done());
  EXPECT_FALSE(all.cancel());
  const auto [first, second] = co_await all;

  EXPECT_EQ(first + second, 3);
}

ASYNC_TEST(Gather, IsCancelledWithTheTaskThatAwaitsIt) {  // rule 8, B94
  const auto future = new_future();
  const auto child = create_task(for_ever());
  const auto all = gather(child, future);
  const auto await_all = [&]() -> Coroutine<void> { co_await all; };
  const auto task = create_task(await_all());
  co_await pass(1);

  task.cancel("outer");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: outer");
  EXPECT_TRUE(task.cancelled());
  EXPECT_TRUE(child.cancelled());
  EXPECT_TRUE(future.cancelled());
  EXPECT_FALSE(all.cancel());
}

ASYNC_TEST(Gather, DeliversACancelOfTheRunningTaskThroughAPendingGather) {  // rule 9
  const auto child = create_task(for_ever());
  const auto work = [&]() -> Coroutine<void> {
    current_task()->cancel();
    co_await gather(child, pass(1));
  };

  const std::string ending = co_await ending_of(create_task(work()));

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_TRUE(child.cancelled());
}

ASYNC_TEST(Gather, NestsAndPassesACancelThroughAllLevels) {
  std::vector<Task<void>> leaves;
  for (int i = 0; i < 8; ++i) leaves.push_back(create_task(for_ever()));
  std::vector<Future<void>> level;
  for (std::size_t i = 0; i < 8; i += 2) {
    level.push_back(gather(std::vector<Task<void>>{leaves[i], leaves[i + 1]}));
  }
  const auto top = gather(level);
  co_await pass(1);

  top.cancel();
  const std::string ending = co_await ending_of(top);

  EXPECT_EQ(ending, "CancelledError");
  for (const auto& leaf : leaves) EXPECT_TRUE(leaf.cancelled());
}

// --- Failed calls ---

ASYNC_TEST(Gather, LeavesNoErrorsToReportWhenItRefusesAUsedCoroutine) {  // B102
  auto used = number_after(1, 0s);
  const auto task = create_task(std::move(used));

  const std::string refusal = throws([&] {
    (void)gather(fail("oops", 1s), std::move(used));  // NOLINT(bugprone-use-after-move)
  });
  co_await task;
  co_await sleep(2s);

  EXPECT_EQ(refusal, "RuntimeError: cannot reuse already awaited coroutine");
}

ASYNC_TEST(Gather, LeavesNoErrorsToReportWhenItRefusesADifferentLoop) {  // B98, B102
  EventLoop other(test::virtual_clock());
  const auto foreign = other.create_future<int>();

  const std::string refusal = throws([&] { (void)gather(fail("oops", 1s), foreign); });
  co_await sleep(2s);

  EXPECT_TRUE(refusal.starts_with("ValueError")) << refusal;
}

TEST(Gather, IsDestroyedWithTheLastHandleIfItsLoopIsClosed) {
  test::LiveCount count;
  {
    EventLoop loop;
    const auto child = loop.create_future<int>();
    child.add_done_callback([live = count.make()](const auto&) {});
    loop.close();
    const auto outer = gather(child, child);
    EXPECT_FALSE(outer.done());
  }
  EXPECT_EQ(count.alive(), 0);
}

}  // namespace
}  // namespace asyncio
