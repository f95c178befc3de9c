#include "asyncio/loop/handle.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::LiveCount;
using test::pass;

ASYNC_TEST(Handle, PreventsTheCallWhenCancelledFirst) {  // B286
  bool called = false;
  Handle handle = get_running_loop().call_soon([&] { called = true; });

  handle.cancel();
  co_await pass(2);

  EXPECT_FALSE(called);
  EXPECT_TRUE(handle.cancelled());
}

ASYNC_TEST(Handle, DestroysTheCallableAtOnceWhenCancelled) {  // B287
  LiveCount count;
  Handle soon = get_running_loop().call_soon([live = count.make()] {});
  TimerHandle later = get_running_loop().call_later(1h, [live = count.make()] {});
  EXPECT_EQ(count.alive(), 2);

  soon.cancel();
  later.cancel();

  EXPECT_EQ(count.alive(), 0);
  co_return;
}

ASYNC_TEST(Handle, DestroysTheCallableRightAfterTheCall) {
  LiveCount count;
  const Handle handle = get_running_loop().call_soon([live = count.make()] {});

  co_await pass(1);

  EXPECT_EQ(count.alive(), 0);
  EXPECT_FALSE(handle.cancelled());
}

ASYNC_TEST(Handle, LetsASelfCancellingCallFinish) {
  LiveCount count;
  Handle handle;
  int alive_inside = 0;
  handle = get_running_loop().call_soon([&, live = count.make()] {
    handle.cancel();
    alive_inside = count.alive();
  });

  co_await pass(1);

  EXPECT_EQ(alive_inside, 1);
  EXPECT_EQ(count.alive(), 0);
  EXPECT_TRUE(handle.cancelled());
}

ASYNC_TEST(Handle, IsSkippedWhenAnEarlierCallOfTheSameTurnCancelsIt) {  // B286
  bool called = false;
  Handle second;
  get_running_loop().call_soon([&] { second.cancel(); });
  second = get_running_loop().call_soon([&] { called = true; });

  co_await pass(1);

  EXPECT_FALSE(called);
}

ASYNC_TEST(Handle, IsSkippedWhenAnEarlierTimerOfTheSameTurnCancelsIt) {
  bool called = false;
  TimerHandle second;
  get_running_loop().call_later(1s, [&] { second.cancel(); });
  second = get_running_loop().call_later(1s, [&] { called = true; });

  co_await sleep(2s);

  EXPECT_FALSE(called);
  EXPECT_TRUE(second.cancelled());
}

ASYNC_TEST(Handle, ToleratesRepeatedCancelsAfterTheCall) {
  int calls = 0;
  Handle handle = get_running_loop().call_soon([&] { ++calls; });
  co_await pass(1);

  handle.cancel();
  handle.cancel();
  co_await pass(1);

  EXPECT_EQ(calls, 1);
}

ASYNC_TEST(Handle, LeavesTheCallScheduledWhenDropped) {
  int calls = 0;
  {
    const Handle soon = get_running_loop().call_soon([&] { ++calls; });
    const TimerHandle later = get_running_loop().call_later(1s, [&] { ++calls; });
  }

  co_await sleep(2s);

  EXPECT_EQ(calls, 2);
}

ASYNC_TEST(Handle, IsHarmlessWhenEmpty) {
  Handle handle;
  const TimerHandle timer;

  handle.cancel();

  EXPECT_FALSE(handle.cancelled());
  EXPECT_EQ(timer.when(), TimePoint{});
  co_return;
}

ASYNC_TEST(Handle, SurvivesACallableThatHoldsItsOwnHandle) {
  auto own = std::make_shared<Handle>();
  const std::weak_ptr<Handle> watch = own;
  *own = get_running_loop().call_later(1h, [own] {});
  Handle copy = *own;
  own.reset();

  copy.cancel();

  EXPECT_TRUE(watch.expired());
  co_return;
}

ASYNC_TEST(TimerHandle, ReportsItsDeadline) {  // B288
  EventLoop& loop = get_running_loop();

  const TimerHandle later = loop.call_later(1500ms, [] {});
  const TimerHandle at = loop.call_at(TimePoint(7s), [] {});

  EXPECT_EQ(later.when(), TimePoint(1500ms));
  EXPECT_EQ(at.when(), TimePoint(7s));
  co_return;
}

TEST(Handle, OutlivesItsLoop) {
  LiveCount count;
  Handle soon;
  TimerHandle later;
  {
    EventLoop loop(test::virtual_clock());
    soon = loop.call_soon([live = count.make()] {});
    later = loop.call_later(2s, [live = count.make()] {});
  }

  soon.cancel();
  later.cancel();

  EXPECT_EQ(later.when(), TimePoint(2s));
  EXPECT_EQ(count.alive(), 0);
}

void named_function() {}

ASYNC_TEST(Handle, ShowsItsCallableUntilItIsCancelled) {  // B302
  const Handle function = get_running_loop().call_soon(named_function);
  Handle lambda = get_running_loop().call_soon([](int) {}, 1);
  TimerHandle timer = get_running_loop().call_at(TimePoint(1500ms), [] {});

  EXPECT_EQ(to_string(function), "<Handle void (*)()>");
  EXPECT_TRUE(to_string(lambda).starts_with("<Handle ")) << to_string(lambda);
  EXPECT_NE(to_string(lambda).find("ShowsItsCallable"), std::string::npos) << to_string(lambda);
  EXPECT_TRUE(to_string(timer).starts_with("<TimerHandle when=1.5 ")) << to_string(timer);
  lambda.cancel();
  timer.cancel();
  EXPECT_EQ(to_string(lambda), "<Handle cancelled>");
  EXPECT_EQ(to_string(timer), "<TimerHandle when=1.5 cancelled>");
  co_return;
}

ASYNC_TEST(Handle, ShowsTheFunctionThatMadeItAndIgnoresASecondCancel) {  // B301
  Handle handle = get_running_loop().call_soon([] {});
  EXPECT_NE(to_string(handle).find("ShowsTheFunctionThatMadeIt"), std::string::npos);

  handle.cancel();
  const std::string once = to_string(handle);
  handle.cancel();

  EXPECT_EQ(to_string(handle), once);
  co_return;
}

// --- Rejected at compile time ---

template <class F>
constexpr bool is_callback = requires(EventLoop& loop, F function) {
  loop.call_soon(function);
  loop.call_later(1s, function);
  loop.call_at(TimePoint(), function);
  loop.call_soon_threadsafe(function);
};
template <class When>
constexpr bool is_time_for_call_at =
    requires(EventLoop& loop, When when) { loop.call_at(when, [] {}); };
static_assert(is_time_for_call_at<TimePoint>);
static_assert(!is_time_for_call_at<std::nullptr_t>);  // B283
static_assert(!is_time_for_call_at<Duration>);        // B283

using ReturnsNothing = void (*)();
using ReturnsACoroutine = Coroutine<void> (*)();

static_assert(is_callback<ReturnsNothing>);
static_assert(!is_callback<int>);                                           // B292
static_assert(!is_callback<ReturnsACoroutine>);                             // B292
static_assert(!is_callback<Coroutine<void>&>);                              // B292
static_assert(!std::is_constructible_v<EventLoop::ExceptionHandler, int>);  // B295

}  // namespace
}  // namespace asyncio
