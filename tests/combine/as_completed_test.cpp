#include "asyncio/combine/as_completed.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::LiveCount;
using test::now_ms;
using test::number_after;
using test::pass;
using test::Reports;

using Tasks = std::vector<Task<int>>;
using Numbers = std::vector<int>;

template <class A>
concept CompletedByItself = requires(A a) { as_completed(std::move(a)); };
static_assert(CompletedByItself<std::vector<Coroutine<int>>>);
static_assert(!CompletedByItself<Task<int>>);       // B135
static_assert(!CompletedByItself<Coroutine<int>>);  // B135

/// Returns the values of all tasks that are left, in order.
template <class F>
Coroutine<Numbers> rest_of(AsCompleted<F> finished) {
  Numbers values;
  while (const auto next = co_await finished.next()) values.push_back(next->result());
  co_return values;
}

ASYNC_TEST(AsCompleted, ReturnsTasksInTheOrderInWhichTheyEnd) {  // B127
  const Tasks tasks{create_task(number_after(3, 3s)), create_task(number_after(1, 1s)),
                    create_task(number_after(2, 2s))};

  auto finished = as_completed(tasks);
  Numbers values;
  std::vector<long long> times;
  while (const auto next = co_await finished.next()) {
    values.push_back(next->result());
    times.push_back(now_ms());
  }

  EXPECT_EQ(values, (Numbers{1, 2, 3}));
  EXPECT_EQ(times, (std::vector<long long>{1000, 2000, 3000}));
}

ASYNC_TEST(AsCompleted, ReturnsTheVeryTasksThatWerePassedIn) {  // B128
  const Tasks tasks{create_task(number_after(1, 2s)), create_task(number_after(2, 1s))};

  auto finished = as_completed(tasks);
  const auto first = co_await finished.next();
  const auto second = co_await finished.next();

  static_assert(std::is_same_v<decltype(first), const std::optional<Task<int>>>);
  EXPECT_EQ(first, tasks[1]);
  EXPECT_EQ(second, tasks[0]);
}

ASYNC_TEST(AsCompleted, CreatesTasksForCoroutinesInOrder) {  // B128, B135
  std::vector<Coroutine<int>> coroutines;
  coroutines.push_back(number_after(1, 2s));
  coroutines.push_back(number_after(2, 1s));

  auto finished = as_completed(std::move(coroutines));
  const auto first = co_await finished.next();
  const auto second = co_await finished.next();

  EXPECT_EQ(first->get_name(), "Task-3");
  EXPECT_EQ(second->get_name(), "Task-2");
  EXPECT_EQ(first->result(), 2);
}

TEST(AsCompleted, NeedsARunningLoopForCoroutines) {  // B135
  std::vector<Coroutine<int>> coroutines;
  coroutines.push_back(number_after(1, 0s));

  EXPECT_THROW((void)as_completed(std::move(coroutines)), RuntimeError);
}

ASYNC_TEST(AsCompleted, ReturnsFailedAndCancelledTasksToo) {
  const auto failing = []() -> Coroutine<int> {
    co_await sleep(1s);
    throw std::runtime_error("oops");
  };
  const Tasks tasks{create_task(failing()), create_task(number_after(1, 9s))};
  get_running_loop().call_later(2s, [&] { tasks[1].cancel(); });

  auto finished = as_completed(tasks);
  const auto first = co_await finished.next();
  const auto second = co_await finished.next();

  EXPECT_NE(first->exception(), nullptr);
  EXPECT_TRUE(second->cancelled());
}

ASYNC_TEST(AsCompleted, ThrowsATimeoutErrorForEachTaskThatIsLate) {  // B129
  const Tasks tasks{create_task(number_after(1, 1s)), create_task(number_after(9, 9s)),
                    create_task(number_after(8, 9s))};

  auto finished = as_completed(tasks, 2s);
  const auto first = co_await finished.next();
  const std::string second = co_await ending_of(finished.next());
  const std::string third = co_await ending_of(finished.next());
  const auto end = co_await finished.next();

  EXPECT_EQ(first->result(), 1);
  EXPECT_EQ(second, test::kTimedOut);
  EXPECT_EQ(third, test::kTimedOut);
  EXPECT_FALSE(end.has_value());
  EXPECT_EQ(now_ms(), 2000);
  EXPECT_FALSE(tasks[1].done());
}

ASYNC_TEST(AsCompleted, ReturnsTasksThatEndedInTimeEvenAfterTheTimeout) {  // B129
  const Tasks tasks{create_task(number_after(1, 1s)), create_task(number_after(9, 9s))};

  auto finished = as_completed(tasks, 2s);
  co_await sleep(5s);
  const auto first = co_await finished.next();
  const std::string second = co_await ending_of(finished.next());

  EXPECT_EQ(first, tasks[0]);
  EXPECT_EQ(second, test::kTimedOut);
}

TEST(AsCompleted, LeavesNoTimerBehindWhenAllAreDone) {  // B130
  EventLoop loop(test::virtual_clock());
  const Reports reports(loop);
  const auto main = []() -> Coroutine<void> {
    auto finished = as_completed(Tasks(1, create_task(number_after(1, 1s))), 1h);
    (void)co_await finished.next();
    co_await for_ever();
  };

  // A timer that is left could still wake main, and the loop would not report a deadlock.
  EXPECT_THROW(loop.run_until_complete(main()), DeadlockError);
  EXPECT_EQ(loop.time(), TimePoint(1s));
}

ASYNC_TEST(AsCompleted, CanBeInterruptedAndResumed) {  // B131
  Tasks tasks;
  for (int i = 0; i < 6; ++i) tasks.push_back(create_task(number_after(i, i * 1s)));

  auto finished = as_completed(tasks);
  Numbers values;
  for (int i = 0; i < 3; ++i) {
    const auto next = co_await finished.next();
    values.push_back(next->result());
  }
  co_await sleep(20s);
  const Numbers rest = co_await rest_of(finished);

  EXPECT_EQ(values, (Numbers{0, 1, 2}));
  EXPECT_EQ(rest, (Numbers{3, 4, 5}));
}

ASYNC_TEST(AsCompleted, ServesNextsInTheOrderOfTheirAwaits) {  // B132
  auto finished =
      as_completed(Tasks{create_task(number_after(2, 2s)), create_task(number_after(1, 1s))});
  auto asked_first = finished.next();
  auto asked_second = finished.next();

  const auto first = co_await std::move(asked_second);
  const auto second = co_await std::move(asked_first);

  EXPECT_EQ(first->result(), 1);
  EXPECT_EQ(second->result(), 2);
}

ASYNC_TEST(AsCompleted, ServesSeveralTasksAtOnceInOrder) {  // B133
  auto finished =
      as_completed(Tasks{create_task(number_after(2, 2s)), create_task(number_after(1, 1s))});

  const auto both = co_await gather(finished.next(), finished.next(), finished.next());

  EXPECT_EQ(std::get<0>(both)->result(), 1);
  EXPECT_EQ(std::get<1>(both)->result(), 2);
  EXPECT_FALSE(std::get<2>(both).has_value());
}

ASYNC_TEST(AsCompleted, LosesNoResultWhenANextIsCancelled) {
  auto finished =
      as_completed(Tasks{create_task(number_after(1, 2s)), create_task(number_after(2, 3s))});

  const std::string impatient = co_await ending_of(wait_for(finished.next(), 1s));
  const Numbers values = co_await rest_of(finished);

  EXPECT_EQ(impatient, test::kTimedOut);
  EXPECT_EQ(values, (Numbers{1, 2}));
}

ASYNC_TEST(AsCompleted, PassesOnTheWakeUpOfACancelledNext) {
  const auto future = get_running_loop().create_future<int>();
  const auto later = get_running_loop().create_future<int>();
  auto finished = as_completed(std::vector<Future<int>>{future, later});
  const auto cancelled = create_task(finished.next());
  const auto waiting = create_task(finished.next());
  co_await pass(1);

  future.set_result(7);
  co_await pass(1);    // the callback has woken the first in the queue
  cancelled.cancel();  // before its step
  const auto served = co_await waiting;

  EXPECT_EQ(served->result(), 7);
  EXPECT_TRUE(cancelled.cancelled());
}

ASYNC_TEST(AsCompleted, ReturnsATaskThatWasPassedTwiceOnce) {  // B134
  const auto task = create_task(number_after(1, 1s));

  const Numbers values = co_await rest_of(as_completed(Tasks(3, task)));

  EXPECT_EQ(values, Numbers{1});
}

ASYNC_TEST(AsCompleted, EndsAtOnceWithoutTasks) {
  auto finished = as_completed(Tasks(), 1s);

  const auto next = co_await finished.next();

  EXPECT_FALSE(next.has_value());
}

ASYNC_TEST(AsCompleted, ResumesTwoTurnsAfterAnEndAndAtOnceForQueuedTasks) {  // SEMANTICS 4
  const auto a = get_running_loop().create_future<int>();
  const auto b = get_running_loop().create_future<int>();
  auto finished = as_completed(std::vector<Future<int>>{a, b});
  const test::TurnCount turns;
  get_running_loop().call_soon([&] {
    a.set_result(1);
    b.set_result(2);
  });

  (void)co_await finished.next();
  EXPECT_EQ(turns.now(), 1 + 2);
  (void)co_await finished.next();
  EXPECT_EQ(turns.now(), 3);
}

ASYNC_TEST(AsCompleted, TakesFuturesOfAllTypesAsAnyFuture) {
  const auto future = get_running_loop().create_future<std::string>();
  get_running_loop().call_later(2s, [&] { future.set_result("text"); });
  const auto task = create_task(number_after(1, 1s));

  auto finished = as_completed(std::vector<AnyFuture>{future, task});
  const auto first = co_await finished.next();
  const auto second = co_await finished.next();

  EXPECT_EQ(first, AnyFuture(task));
  EXPECT_EQ(second, AnyFuture(future));
}

ASYNC_TEST(AsCompleted, ReleasesPendingFuturesWhenItIsDropped) {
  LiveCount count;
  const auto future = get_running_loop().create_future<int>();
  {
    auto finished = as_completed(std::vector<Future<int>>{future}, 1h);
    future.add_done_callback([live = count.make()] {});
  }
  co_await sleep(1s);

  EXPECT_EQ(now_ms(), 1000);
  EXPECT_EQ(count.alive(), 1);  // the future itself still exists
  EXPECT_EQ(future.state()->has_one_owner(), true);
}

ASYNC_TEST(AsCompleted, NamesTheTasksItWaitsFor) {
  const auto a = create_task(number_after(1, 1s), "a");
  const auto b = create_task(number_after(2, 3s), "b");
  auto finished = as_completed(Tasks{a, b});
  (void)co_await finished.next();
  const auto waiting = create_task(finished.next());
  co_await pass(1);

  const std::string waits_for = test::waits_for(waiting);
  (void)co_await waiting;

  EXPECT_EQ(waits_for, "as_completed() of b");
}

}  // namespace
}  // namespace asyncio
