#include "asyncio/combine/timeout.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

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
using test::throws;

ASYNC_TEST(Timeout, ConvertsItsCancelIntoATimeoutErrorWithTheCancelAsCause) {  // B136
  std::string cause;
  try {
    co_await timeout(1s, [] { return for_ever(); });
  } catch (const TimeoutError& error) {
    cause = describe(error.cause());
  }

  EXPECT_EQ(cause, "CancelledError");
  EXPECT_EQ(now_ms(), 1000);
  EXPECT_EQ(current_task()->cancelling(), 0);
}

ASYNC_TEST(Timeout, ReturnsTheBodysResultInTime) {  // B138
  Timeout limit(5s);

  const int value = co_await limit.run([] { return number_after(4, 1s); });

  EXPECT_EQ(value, 4);
  EXPECT_FALSE(limit.expired());
  EXPECT_EQ(limit.when(), TimePoint(5s));
  co_await sleep(10s);  // the timeout has no timer any more
  EXPECT_EQ(current_task()->cancelling(), 0);
}

ASYNC_TEST(Timeout, ReportsThatItHasExpired) {  // B136
  Timeout limit(1s);

  const std::string ending = co_await ending_of(limit.run([] { return for_ever(); }));

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_TRUE(limit.expired());
}

ASYNC_TEST(Timeout, TakesAPointOfTheLoopsTime) {  // B137
  Timeout limit(TimePoint(3s));
  co_await sleep(1s);

  const std::string ending = co_await ending_of(limit.run([] { return for_ever(); }));
  const std::string short_form =
      co_await ending_of(timeout_at(TimePoint(5s), [] { return for_ever(); }));

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_EQ(short_form, kTimedOut);
  EXPECT_EQ(limit.when(), TimePoint(3s));
  EXPECT_EQ(now_ms(), 5000);
}

ASYNC_TEST(Timeout, NeverExpiresWithoutADeadline) {  // B139
  Timeout limit(std::nullopt);

  const int value = co_await limit.run([] { return number_after(1, 24h); });

  EXPECT_EQ(value, 1);
  EXPECT_EQ(limit.when(), std::nullopt);
  EXPECT_FALSE(limit.expired());
}

ASYNC_TEST(Timeout, LetsTheBodyStartAndStopsItAtItsFirstSuspensionForZero) {  // rule 18, B140
  bool begun = false;
  bool resumed = false;
  const test::TurnCount turns;
  const auto body = [&]() -> Coroutine<void> {
    begun = true;
    co_await sleep(0s);
    co_await sleep(0s);
    resumed = true;
  };

  const std::string ending = co_await ending_of(timeout(0s, body));

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_TRUE(begun);
  EXPECT_FALSE(resumed);
  EXPECT_EQ(turns.now(), 1);  // the cancel comes before the queued step of that turn
}

ASYNC_TEST(Timeout, DoesNotStopABodyThatNeverSuspendsForZero) {
  const auto body = []() -> Coroutine<int> { co_return 5; };

  const int value = co_await timeout(-1s, body);
  co_await pass(2);

  EXPECT_EQ(value, 5);
}

ASYNC_TEST(Timeout, PassesTheBodysOwnErrorOn) {  // B142, B143
  Timeout limit(5s);
  Timeout expiring(1s);
  const auto fail = []() -> Coroutine<void> {
    co_await sleep(0s);
    throw std::runtime_error("own");
  };
  const auto fail_in_cleanup = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    throw std::runtime_error("clean-up");
  };

  const std::string first = co_await ending_of(limit.run(fail));
  const std::string second = co_await ending_of(expiring.run(fail_in_cleanup));

  EXPECT_EQ(first, "std::runtime_error: own");
  EXPECT_FALSE(limit.expired());
  EXPECT_EQ(second, "std::runtime_error: clean-up");
  EXPECT_TRUE(expiring.expired());
}

ASYNC_TEST(Timeout, ReturnsTheValueOfABodyThatSwallowsTheCancel) {
  Timeout limit(1s);
  const auto body = []() -> Coroutine<int> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_return 7;
  };

  const int value = co_await limit.run(body);

  EXPECT_EQ(value, 7);
  EXPECT_TRUE(limit.expired());
  EXPECT_EQ(current_task()->cancelling(), 0);
}

ASYNC_TEST(Timeout, CanBeRescheduledWhileItsBodyRuns) {  // B147
  const auto value = co_await timeout(1s, [](Timeout& limit) -> Coroutine<int> {
    limit.reschedule(5s);
    co_await sleep(3s);
    limit.reschedule(std::nullopt);
    co_await sleep(10s);
    limit.reschedule(TimePoint(20s));
    EXPECT_EQ(limit.when(), TimePoint(20s));
    co_return 1;
  });

  EXPECT_EQ(value, 1);
  EXPECT_EQ(now_ms(), 13'000);
}

ASYNC_TEST(Timeout, FiresInTheNextTurnWhenItIsRescheduledIntoThePast) {  // rule 18
  co_await sleep(5s);
  const auto ending = co_await ending_of(timeout(1h, [](Timeout& limit) -> Coroutine<void> {
    limit.reschedule(TimePoint(1s));
    co_await for_ever();
  }));

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_EQ(now_ms(), 5000);
}

ASYNC_TEST(Timeout, RefusesToBeRescheduledOutsideItsRun) {  // B148
  Timeout limit(1s);
  EXPECT_EQ(throws([&] { limit.reschedule(1s); }), "RuntimeError: Timeout has not been entered");
  std::string expiring;
  const auto body = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      expiring = throws([&] { limit.reschedule(1s); });
      throw;
    }
  };
  (void)co_await ending_of(limit.run(body));
  Timeout finished(1s);
  co_await finished.run([] { return pass(1); });

  EXPECT_EQ(expiring, "RuntimeError: Cannot change state of expiring Timeout");
  EXPECT_EQ(throws([&] { limit.reschedule(1s); }),
            "RuntimeError: Cannot change state of expired Timeout");
  EXPECT_EQ(throws([&] { finished.reschedule(1s); }),
            "RuntimeError: Cannot change state of finished Timeout");
}

TEST(Timeout, IsFinishedWhenTheFrameOfItsRunIsDestroyed) {
  Timeout limit(5s);
  const auto body = [&limit]() -> Coroutine<void> {
    co_await limit.run([] { return for_ever(); });
  };
  {
    EventLoop loop(test::virtual_clock());
    // Ignore the report of the destroyed task.
    loop.set_exception_handler([](EventLoop&, const ExceptionContext&) {});
    (void)loop.create_task(body());
    loop.stop();
    loop.run_forever();
    EXPECT_EQ(to_string(limit), "<Timeout [active] when=5.000>");
  }

  EXPECT_EQ(to_string(limit), "<Timeout [finished]>");
  EXPECT_EQ(throws([&] { limit.reschedule(TimePoint(9s)); }),
            "RuntimeError: Cannot change state of finished Timeout");
}

ASYNC_TEST(Timeout, RunsOnce) {  // B149
  Timeout limit(1s);
  const auto nested = [&]() -> Coroutine<void> { co_await limit.run([] { return pass(1); }); };

  const std::string inside = co_await ending_of(limit.run(nested));
  const std::string after = co_await ending_of(limit.run([] { return pass(1); }));

  EXPECT_EQ(inside, "RuntimeError: Timeout has already been entered");
  EXPECT_EQ(after, inside);
}

ASYNC_TEST(Timeout, IsRefusedOutsideATask) {  // B150
  Timeout limit(1s);
  std::string refusal;
  get_running_loop().call_soon([&] { refusal = throws([&] { limit.enter(); }); });

  co_await pass(2);

  EXPECT_EQ(refusal, "RuntimeError: Timeout should be used inside a task");
}

ASYNC_TEST(Timeout, ShowsItsState) {  // B154
  Timeout limit(5s);
  Timeout unlimited(std::nullopt);
  std::string active;
  std::string without_deadline;

  const std::string created = to_string(limit);
  (void)co_await ending_of(limit.run([&]() -> Coroutine<void> {
    active = to_string(limit);
    co_await for_ever();
  }));
  co_await unlimited.run([&]() -> Coroutine<void> {
    without_deadline = to_string(unlimited);
    co_return;
  });

  EXPECT_EQ(created, "<Timeout [created]>");
  EXPECT_EQ(active, "<Timeout [active] when=5.000>");
  EXPECT_EQ(to_string(limit), "<Timeout [expired]>");
  EXPECT_EQ(without_deadline, "<Timeout [active] when=never>");
  EXPECT_EQ(to_string(unlimited), "<Timeout [finished]>");
}

}  // namespace
}  // namespace asyncio
