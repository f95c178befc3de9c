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

Coroutine<void> stand_in(WaitQueue& line, Trace& trace, std::string name) {
  Waiter waiter("a test", nullptr);
  line.push_back(waiter);
  co_await waiter.until_woken();
  trace.push_back(std::move(name));
}

ASYNC_TEST(Waiter, GoesOnInTheTurnAfterItIsWoken) {
  WaitQueue line;
  Trace trace;
  const auto task = create_task(stand_in(line, trace, "woken"));
  co_await pass(2);
  EXPECT_EQ(line.size(), 1U);

  line.front().wake();
  EXPECT_EQ(trace, Trace{});
  co_await pass(1);

  EXPECT_EQ(trace, Trace{"woken"});
  EXPECT_TRUE(line.empty());
}

ASYNC_TEST(Waiter, IsWokenOnce) {
  WaitQueue line;
  Trace trace;
  const auto task = create_task(stand_in(line, trace, "woken"));
  co_await pass(1);

  line.front().wake();
  line.front().wake();
  co_await task;

  EXPECT_EQ(trace, Trace{"woken"});
}

ASYNC_TEST(Waiter, TellsACancelBeforeItsWakeUpFromOneAfterIt) {
  std::vector<Waiter::State> states;
  WaitQueue line;
  const auto work = [&]() -> Coroutine<void> {
    Waiter waiter("a test", nullptr);
    line.push_back(waiter);
    try {
      co_await waiter.until_woken();
    } catch (const CancelledError&) {
      states.push_back(waiter.state());
    }
  };
  const auto before = create_task(work());
  const auto after = create_task(work());
  co_await pass(1);

  line.wake_all();  // in line: both
  after.cancel();
  co_await after;
  EXPECT_EQ(states, std::vector{Waiter::State::woken});

  const auto cancelled = create_task(work());
  co_await pass(1);
  cancelled.cancel();
  co_await cancelled;
  EXPECT_EQ(states.back(), Waiter::State::cancelled);
}

TEST(Waiter, SaysWhatItsTaskWaitsFor) {
  const Waiter waiter("Lock.acquire()", nullptr);
  EXPECT_EQ(waiter.describe(), "Lock.acquire()");
}

TEST(WaitQueue, FindsTheFirstThatMatches) {
  WaitQueue line;
  Waiter a("a", nullptr);
  Waiter b("b", nullptr);
  line.push_back(a);
  line.push_back(b);

  EXPECT_EQ(line.find([](const Waiter& waiter) { return waiter.describe() == "b"; }), &b);
  EXPECT_EQ(line.find([](const Waiter&) { return false; }), nullptr);
  EXPECT_EQ(&line.front(), &a);
  EXPECT_TRUE(line.has_live());
}

ASYNC_TEST(GrantQueue, WakesEachOnceAndKeepsThoseWhoAreWokenUntilTheyGoOn) {
  GrantQueue line;
  Trace trace;
  const auto work = [&](std::string name) -> Coroutine<void> {
    Waiter waiter("a test", nullptr);
    line.push_back(waiter);
    co_await waiter.until_woken();
    trace.push_back(name);
  };
  const auto a = create_task(work("a"));
  const auto b = create_task(work("b"));
  co_await pass(1);

  EXPECT_TRUE(line.wake_next());
  EXPECT_TRUE(line.wake_next());
  EXPECT_FALSE(line.wake_next());
  EXPECT_EQ(line.size(), 2U);
  EXPECT_TRUE(line.has_live());
  co_await b;

  EXPECT_EQ(trace, (Trace{"a", "b"}));
  EXPECT_EQ(line.size(), 0U);
  EXPECT_FALSE(line.has_live());
}

/// Waits until a number is positive.
class UntilPositive final : public RecheckingWaiter {
 public:
  UntilPositive(WaitQueue& line, const int& number)
      : RecheckingWaiter("a number", nullptr), line_(line), number_(number) {
    line.push_back(*this);
  }

 private:
  bool waits_again() noexcept override {
    unlink();
    if (number_ > 0) return false;
    line_.push_back(*this);
    return true;
  }
  WaitQueue& line_;
  const int& number_;
};

ASYNC_TEST(RecheckingWaiter, StaysSuspendedWhenWhatItWasWokenForIsGone) {
  WaitQueue line;
  int number = 0;
  bool resumed = false;
  const auto work = [&]() -> Coroutine<void> {
    UntilPositive waiter(line, number);
    co_await waiter.until_woken();
    resumed = true;
  };
  const auto task = create_task(work());
  co_await pass(1);

  line.front().wake();
  co_await pass(2);
  EXPECT_FALSE(resumed);
  EXPECT_EQ(line.front().state(), Waiter::State::waiting);

  number = 1;
  line.front().wake();
  co_await task;
  EXPECT_TRUE(resumed);
}

ASYNC_TEST(RecheckingWaiter, LooksInItsTasksPlaceInTheTurn) {
  WaitQueue line;
  Trace trace;
  int number = 0;
  const auto work = [&]() -> Coroutine<void> {
    UntilPositive waiter(line, number);
    co_await waiter.until_woken();
    trace.push_back("waiter");
  };
  const auto task = create_task(work());
  co_await pass(1);

  get_running_loop().call_soon([&] {
    trace.push_back("before");
    number = 1;  // in time
  });
  line.front().wake();
  get_running_loop().call_soon([&] { trace.push_back("after"); });
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"before", "waiter", "after"}));
}

ASYNC_TEST(RecheckingWaiter, LetsACancelThroughThatComesBeforeItLooks) {
  WaitQueue line;
  const int number = 0;
  const auto work = [&]() -> Coroutine<void> {
    UntilPositive waiter(line, number);
    co_await waiter.until_woken();
  };
  const auto task = create_task(work());
  co_await pass(1);

  line.front().wake();
  task.cancel("now");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: now");
}

ASYNC_TEST(RecheckingWaiter, WaitsOnWhenSuchACancelIsTakenBack) {
  WaitQueue line;
  const int number = 0;
  const auto work = [&]() -> Coroutine<void> {
    UntilPositive waiter(line, number);
    co_await waiter.until_woken();
  };
  const auto task = create_task(work());
  co_await pass(1);

  line.front().wake();
  task.cancel();
  task.uncancel();
  co_await pass(2);

  EXPECT_FALSE(task.done());
  EXPECT_FALSE(line.empty());
  task.cancel();
}

}  // namespace
}  // namespace asyncio
