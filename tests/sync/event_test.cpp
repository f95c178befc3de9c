#include "asyncio/sync/event.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <type_traits>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::pass;
using test::Trace;
using test::TurnCount;

static_assert(!std::is_copy_constructible_v<Event>);
static_assert(!std::is_constructible_v<Event, EventLoop&>);

Coroutine<void> note(Event& event, Trace& trace, std::string name) {
  co_await event.wait();
  trace.push_back(std::move(name));
}

ASYNC_TEST(Event, WakesAllWaitersInTheirOrder) {  // B208
  Event event;
  Trace trace;
  const auto a = create_task(note(event, trace, "a"));
  const auto b = create_task(note(event, trace, "b"));
  const auto c = create_task(note(event, trace, "c"));
  co_await pass(3);
  EXPECT_EQ(trace, Trace{});

  event.set();
  EXPECT_EQ(trace, Trace{});  // rule 3: no waiter resumes inside the call
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"a", "b", "c"}));
}

ASYNC_TEST(Event, ReturnsTrueFromWait) {  // B208
  Event event;
  get_running_loop().call_later(1s, [&] { event.set(); });

  const bool woken = co_await event.wait();

  EXPECT_TRUE(woken);
  EXPECT_EQ(test::now_ms(), 1000);
}

ASYNC_TEST(Event, DoesNotSuspendWhenItIsSet) {  // B209
  Event event;
  event.set();
  const TurnCount turns;

  const bool is_set = co_await event.wait();

  EXPECT_TRUE(is_set);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(Event, IsSetAndCleared) {  // B210
  Event event;
  EXPECT_FALSE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());

  const std::string ending = co_await ending_of(wait_for(event.wait(), 1s));

  EXPECT_EQ(ending, test::kTimedOut);
}

ASYNC_TEST(Event, WakesItsWaitersEvenIfItIsClearedInTheSameTurn) {  // B211
  Event event;
  Trace trace;
  const auto a = create_task(note(event, trace, "a"));
  const auto b = create_task(note(event, trace, "b"));
  co_await pass(1);

  event.set();
  event.clear();
  co_await b;

  EXPECT_EQ(trace, (Trace{"a", "b"}));
  EXPECT_FALSE(event.is_set());
}

ASYNC_TEST(Event, MakesATaskWaitThatComesAfterTheClear) {  // B211
  Event event;
  Trace trace;
  const auto before = create_task(note(event, trace, "before"));
  co_await pass(1);

  event.set();
  event.clear();
  const auto after = create_task(note(event, trace, "after"));
  co_await pass(3);
  EXPECT_EQ(trace, Trace{"before"});

  event.set();
  co_await after;
}

ASYNC_TEST(Event, ForgetsAWaiterThatIsCancelled) {  // B212
  Event event;
  Trace trace;
  const auto waiting = create_task(note(event, trace, "waiting"));
  co_await pass(1);
  EXPECT_EQ(to_string(event), "<Event [unset, waiters:1]>");

  waiting.cancel();
  const std::string ending = co_await ending_of(waiting);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(to_string(event), "<Event [unset]>");
}

ASYNC_TEST(Event, PrefersACancelToAPendingWakeUp) {  // rule 10
  Event event;
  Trace trace;
  const auto waiting = create_task(note(event, trace, "waiting"));
  co_await pass(1);

  event.set();
  EXPECT_TRUE(waiting.cancel());
  const std::string ending = co_await ending_of(waiting);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(trace, Trace{});
}

TEST(Event, RefusesASecondLoopAsSoonAsATaskHasToWaitThere) {  // B206
  Event event;
  const auto wait_a_second = [&]() -> Coroutine<std::string> {
    co_return co_await ending_of(wait_for(event.wait(), 1s));
  };

  const std::string first = test::run_virtual(wait_a_second());
  const std::string second = test::run_virtual(wait_a_second());
  event.set();
  const std::string third = test::run_virtual(wait_a_second());

  EXPECT_EQ(first, test::kTimedOut);
  EXPECT_EQ(second, "RuntimeError: <Event [unset]> is bound to a different event loop");
  EXPECT_EQ(third, "ok");  // it does not have to wait
}

ASYNC_TEST(Event, ShowsItsStateAndHowManyTasksWait) {  // B207
  Event event;
  Trace trace;
  EXPECT_EQ(to_string(event), "<Event [unset]>");
  const auto a = create_task(note(event, trace, "a"));
  const auto b = create_task(note(event, trace, "b"));
  co_await pass(1);
  EXPECT_EQ(to_string(event), "<Event [unset, waiters:2]>");

  event.set();
  EXPECT_EQ(to_string(event), "<Event [set, waiters:2]>");
  co_await b;
  EXPECT_EQ(to_string(event), "<Event [set]>");
}

}  // namespace
}  // namespace asyncio
