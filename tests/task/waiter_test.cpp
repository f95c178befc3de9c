#include "asyncio/detail/task/waiter.hpp"

#include <gtest/gtest.h>

#include <coroutine>
#include <string>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using detail::GrantQueue;
using detail::RecheckingWaiter;
using detail::Waiter;
using detail::WaitQueue;
using test::ending_of;
using test::pass;
using test::Trace;

Coroutine<void> wait_in(WaitQueue& queue, Trace& trace, std::string name) {
  Waiter waiter("a test", nullptr);
  queue.push_back(waiter);
  co_await waiter.until_woken();
  trace.push_back(std::move(name));
}

ASYNC_TEST(Waiter, ResumesInTheTurnAfterItIsWoken) {
  WaitQueue queue;
  Trace trace;
  const auto task = create_task(wait_in(queue, trace, "woken"));
  co_await pass(2);
  EXPECT_EQ(queue.size(), 1U);

  queue.front().wake();
  EXPECT_EQ(trace, Trace{});
  co_await pass(1);

  EXPECT_EQ(trace, Trace{"woken"});
  EXPECT_TRUE(queue.empty());
}

ASYNC_TEST(Waiter, IsWokenOnce) {
  WaitQueue queue;
  Trace trace;
  const auto task = create_task(wait_in(queue, trace, "woken"));
  co_await pass(1);

  queue.front().wake();
  queue.front().wake();
  co_await task;

  EXPECT_EQ(trace, Trace{"woken"});
}

ASYNC_TEST(Waiter, DistinguishesACancelBeforeItsWakeUpFromOneAfter) {
  std::vector<Waiter::State> states;
  WaitQueue queue;
  const auto work = [&]() -> Coroutine<void> {
    Waiter waiter("a test", nullptr);
    queue.push_back(waiter);
    try {
      co_await waiter.until_woken();
    } catch (const CancelledError&) {
      states.push_back(waiter.state());
    }
  };
  const auto before = create_task(work());
  const auto after = create_task(work());
  co_await pass(1);

  queue.wake_all();  // both
  after.cancel();
  co_await after;
  EXPECT_EQ(states, std::vector{Waiter::State::woken});

  const auto cancelled = create_task(work());
  co_await pass(1);
  cancelled.cancel();
  co_await cancelled;
  EXPECT_EQ(states.back(), Waiter::State::cancelled);
}

TEST(Waiter, DescribesItsOperation) {
  const Waiter waiter("Lock.acquire()", nullptr);
  EXPECT_EQ(waiter.describe(), "Lock.acquire()");
}

TEST(WaitQueue, FindsTheFirstMatchingWaiter) {
  WaitQueue queue;
  Waiter a("a", nullptr);
  Waiter b("b", nullptr);
  queue.push_back(a);
  queue.push_back(b);

  EXPECT_EQ(queue.find([](const Waiter& waiter) { return waiter.describe() == "b"; }), &b);
  EXPECT_EQ(queue.find([](const Waiter&) { return false; }), nullptr);
  EXPECT_EQ(&queue.front(), &a);
  EXPECT_TRUE(queue.has_live());
}

ASYNC_TEST(GrantQueue, WakesEachWaiterOnceAndKeepsItUntilItResumes) {
  GrantQueue queue;
  Trace trace;
  const auto work = [&](std::string name) -> Coroutine<void> {
    Waiter waiter("a test", nullptr);
    queue.push_back(waiter);
    co_await waiter.until_woken();
    trace.push_back(name);
  };
  const auto a = create_task(work("a"));
  const auto b = create_task(work("b"));
  co_await pass(1);

  EXPECT_TRUE(queue.wake_next());
  EXPECT_TRUE(queue.wake_next());
  EXPECT_FALSE(queue.wake_next());
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_TRUE(queue.has_live());
  co_await b;

  EXPECT_EQ(trace, (Trace{"a", "b"}));
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_FALSE(queue.has_live());
}

/// Waits until a number is positive.
class UntilPositive final : public RecheckingWaiter {
 public:
  UntilPositive(WaitQueue& queue, const int& number)
      : RecheckingWaiter("a number", nullptr), queue_(queue), number_(number) {
    queue.push_back(*this);
  }

 private:
  bool waits_again() noexcept override {
    unlink();
    if (number_ > 0) return false;
    queue_.push_back(*this);
    return true;
  }
  WaitQueue& queue_;
  const int& number_;
};

ASYNC_TEST(RecheckingWaiter, StaysSuspendedIfItsConditionNoLongerHolds) {
  WaitQueue queue;
  int number = 0;
  bool resumed = false;
  const auto work = [&]() -> Coroutine<void> {
    UntilPositive waiter(queue, number);
    co_await waiter.until_woken();
    resumed = true;
  };
  const auto task = create_task(work());
  co_await pass(1);

  queue.front().wake();
  co_await pass(2);
  EXPECT_FALSE(resumed);
  EXPECT_EQ(queue.front().state(), Waiter::State::waiting);

  number = 1;
  queue.front().wake();
  co_await task;
  EXPECT_TRUE(resumed);
}

ASYNC_TEST(RecheckingWaiter, RechecksInItsTasksPlaceInTheTurn) {
  WaitQueue queue;
  Trace trace;
  int number = 0;
  const auto work = [&]() -> Coroutine<void> {
    UntilPositive waiter(queue, number);
    co_await waiter.until_woken();
    trace.push_back("waiter");
  };
  const auto task = create_task(work());
  co_await pass(1);

  get_running_loop().call_soon([&] {
    trace.push_back("before");
    number = 1;  // in time
  });
  queue.front().wake();
  get_running_loop().call_soon([&] { trace.push_back("after"); });
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"before", "waiter", "after"}));
}

ASYNC_TEST(RecheckingWaiter, EndsOnACancelThatComesBeforeItRechecks) {
  WaitQueue queue;
  const int number = 0;
  const auto work = [&]() -> Coroutine<void> {
    UntilPositive waiter(queue, number);
    co_await waiter.until_woken();
  };
  const auto task = create_task(work());
  co_await pass(1);

  queue.front().wake();
  task.cancel("now");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: now");
}

ASYNC_TEST(RecheckingWaiter, KeepsWaitingIfSuchACancelIsWithdrawn) {
  WaitQueue queue;
  const int number = 0;
  const auto work = [&]() -> Coroutine<void> {
    UntilPositive waiter(queue, number);
    co_await waiter.until_woken();
  };
  const auto task = create_task(work());
  co_await pass(1);

  queue.front().wake();
  task.cancel();
  task.uncancel();
  co_await pass(2);

  EXPECT_FALSE(task.done());
  EXPECT_FALSE(queue.empty());
  task.cancel();
}

}  // namespace
}  // namespace asyncio
