#include "asyncio/task/waiter.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using detail::Waiter;
using detail::WaiterLine;
using test::ending_of;
using test::pass;
using test::Trace;

Coroutine<void> wait_in(WaiterLine& line, Trace& trace, std::string name) {
  Waiter waiter("a test");
  line.join(waiter);
  co_await waiter;
  waiter.unlink();
  trace.push_back(std::move(name));
}

bool is_waiting(const Waiter& waiter) {
  return waiter.state() == Waiter::State::waiting;
}

ASYNC_TEST(Waiter, StandsInItsLineUntilItsTaskGoesOn) {
  WaiterLine line;
  Trace trace;
  const auto a = create_task(wait_in(line, trace, "a"));
  const auto b = create_task(wait_in(line, trace, "b"));
  co_await pass(1);

  EXPECT_EQ(line.size(), 2U);
  line.front().wake();
  EXPECT_EQ(line.size(), 2U);
  EXPECT_NE(line.find(is_waiting), &line.front());

  co_await a;
  EXPECT_EQ(line.size(), 1U);
  line.front().wake();
  co_await b;
  EXPECT_TRUE(line.empty());
  EXPECT_EQ(trace, (Trace{"a", "b"}));
}

ASYNC_TEST(Waiter, GoesOnInTheTurnAfterItIsWoken) {
  WaiterLine line;
  Trace trace;
  const auto task = create_task(wait_in(line, trace, "woken"));
  co_await pass(1);

  line.front().wake();
  trace.push_back("same turn");
  co_await pass(1);
  trace.push_back("next turn");

  EXPECT_EQ(trace, (Trace{"same turn", "woken", "next turn"}));
}

ASYNC_TEST(Waiter, ThatIsCancelledCannotBeWoken) {
  WaiterLine line;
  Trace trace;
  const auto task = create_task(wait_in(line, trace, "woken"));
  co_await pass(1);

  task.cancel("enough");
  EXPECT_EQ(line.front().state(), Waiter::State::cancelled);
  line.front().wake();
  EXPECT_EQ(line.front().state(), Waiter::State::cancelled);

  EXPECT_EQ(co_await ending_of(task), "CancelledError: enough");
  EXPECT_TRUE(line.empty());
}

ASYNC_TEST(Waiter, ThatIsWokenAndThenCancelledStaysWokenAndThrows) {  // SEMANTICS 10
  WaiterLine line;
  Trace trace;
  const auto task = create_task(wait_in(line, trace, "woken"));
  co_await pass(1);

  line.front().wake();
  EXPECT_TRUE(task.cancel());
  EXPECT_EQ(line.front().state(), Waiter::State::woken);

  EXPECT_EQ(co_await ending_of(task), "CancelledError");
  EXPECT_TRUE(trace.empty());
}

TEST(Waiter, MayOutliveItsLineInALoopThatCloses) {
  test::LiveCount count;
  {
    EventLoop loop(test::virtual_clock());
    const test::Reports reports(loop);
    auto line = std::make_unique<WaiterLine>();
    Trace trace;
    const auto hold = [&](test::Live /*live*/) { return wait_in(*line, trace, "never"); };
    loop.create_task(detail::invoke_kept(hold, count.make()));
    loop.create_task(detail::invoke_kept(hold, count.make()));
    loop.call_later(Duration(1), [&] { loop.stop(); });
    loop.run_forever();

    line.reset();
  }
  EXPECT_EQ(count.alive(), 0);
}

}  // namespace
}  // namespace asyncio
