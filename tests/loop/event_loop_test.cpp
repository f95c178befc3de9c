#include "asyncio/loop/event_loop.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::throws;
using test::Trace;
using test::virtual_clock;

// --- Turns ---

TEST(EventLoop, RunsCallbacksInTheOrderOfCallSoon) {  // B281
  EventLoop loop(virtual_clock());
  Trace trace;
  for (const char* name : {"a", "b", "c"}) {
    loop.call_soon([&trace](const std::string& text) { trace.push_back(text); }, name);
  }

  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"a", "b", "c"}));
}

TEST(EventLoop, RunsCallbacksScheduledByACallbackInTheNextTurn) {
  EventLoop loop(virtual_clock());
  Trace trace;
  loop.call_soon([&] {
    trace.push_back("first");
    loop.call_soon([&] { trace.push_back("next turn"); });
  });
  loop.call_soon([&] { trace.push_back("second"); });

  loop.stop();
  loop.run_forever();
  EXPECT_EQ(trace, (Trace{"first", "second"}));

  loop.stop();
  loop.run_forever();
  EXPECT_EQ(trace, (Trace{"first", "second", "next turn"}));
}

TEST(EventLoop, RunsExactlyOneTurnWhenStoppedBeforehand) {  // B271
  EventLoop loop(virtual_clock());
  int calls = 0;
  loop.call_later(1h, [&] { ++calls; });

  loop.stop();
  loop.run_forever();  // returns

  EXPECT_EQ(calls, 0);
  EXPECT_EQ(loop.time(), TimePoint{});
}

TEST(EventLoop, FinishesTheTurnInWhichItIsStopped) {  // B272
  EventLoop loop(virtual_clock());
  Trace trace;
  loop.call_soon([&] { trace.push_back("before"); });
  loop.call_soon([&] { loop.stop(); });
  loop.call_soon([&] { trace.push_back("after"); });

  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"before", "after"}));
}

TEST(EventLoop, ForgetsAStopOnceItHasStopped) {
  EventLoop loop(virtual_clock());
  int turns = 0;
  loop.stop();
  loop.run_forever();

  loop.call_soon([&] {
    ++turns;
    loop.call_soon([&] {
      ++turns;
      loop.stop();
    });
  });
  loop.run_forever();

  EXPECT_EQ(turns, 2);
}

TEST(EventLoop, RefusesARunInsideARun) {  // B269
  EventLoop loop(virtual_clock());
  EventLoop other(virtual_clock());
  std::string same;
  std::string different;
  loop.call_soon([&] {
    same = throws([&] { loop.run_forever(); });
    different = throws([&] { other.run_forever(); });
    loop.stop();
  });

  loop.run_forever();

  EXPECT_EQ(same, "RuntimeError: This event loop is already running");
  EXPECT_EQ(different, "RuntimeError: Cannot run the event loop while another loop is running");
}

TEST(EventLoop, IsTheRunningLoopOnlyWhileItRuns) {  // B278
  EventLoop loop(virtual_clock());
  EventLoop* inside = nullptr;
  bool running_inside = false;
  loop.call_soon([&] {
    inside = &get_running_loop();
    running_inside = loop.is_running();
    loop.stop();
  });

  loop.run_forever();

  EXPECT_EQ(inside, &loop);
  EXPECT_TRUE(running_inside);
  EXPECT_FALSE(loop.is_running());
  EXPECT_EQ(find_running_loop(), nullptr);
  EXPECT_EQ(throws([] { (void)get_running_loop(); }), "RuntimeError: no running event loop");
}

TEST(EventLoop, IsNotTheRunningLoopOfAnotherThread) {  // B280
  EventLoop loop(virtual_clock());
  EventLoop* in_thread = &loop;
  std::string refusal;
  loop.call_soon([&] {
    std::thread([&] {
      in_thread = find_running_loop();
      refusal = throws([] { (void)get_running_loop(); });
    }).join();
    loop.stop();
  });

  loop.run_forever();

  EXPECT_EQ(in_thread, nullptr);
  EXPECT_EQ(refusal, "RuntimeError: no running event loop");
}

TEST(EventLoop, KeepsArgumentsByValueAndPassesThemToTheCall) {  // B281
  EventLoop loop(virtual_clock());
  std::string text = "kept";
  std::vector<std::string> seen;
  loop.call_soon([&seen](const std::string& a, int b) { seen.push_back(a + std::to_string(b)); },
                 text, 7);
  text = "changed";

  loop.stop();
  loop.run_forever();

  EXPECT_EQ(seen, std::vector<std::string>{"kept7"});
}

// --- Until complete ---

TEST(EventLoop, RunsUntilACoroutineIsDoneAndReturnsItsResult) {  // B267
  EventLoop loop(virtual_clock());
  const auto work = []() -> Coroutine<int> {
    co_await sleep(1s);
    co_return 42;
  };

  EXPECT_EQ(loop.run_until_complete(work()), 42);
  EXPECT_EQ(loop.time(), TimePoint(1s));
}

TEST(EventLoop, ThrowsTheErrorOfTheCoroutineItRan) {  // B267
  EventLoop loop(virtual_clock());
  test::expect_no_reports(loop);
  const auto work = []() -> Coroutine<void> {
    co_await sleep(1s);
    throw std::runtime_error("oops");
  };

  EXPECT_EQ(throws([&] { loop.run_until_complete(work()); }), "std::runtime_error: oops");
}

TEST(EventLoop, ResumesATaskOfAStoppedRunInALaterRun) {  // B270
  EventLoop loop(virtual_clock());
  const auto work = []() -> Coroutine<int> {
    get_running_loop().stop();
    co_await sleep(1s);
    co_return 5;
  };
  const Task<int> task = loop.create_task(work());

  EXPECT_EQ(throws([&] { loop.run_until_complete(task); }),
            "RuntimeError: Event loop stopped before Future completed.");
  EXPECT_FALSE(task.done());

  EXPECT_EQ(loop.run_until_complete(task), 5);
}

TEST(EventLoop, ReturnsTheResultOfADoneFuture) {
  EventLoop loop(virtual_clock());
  const Future<int> future = loop.create_future<int>();
  future.set_result(3);

  EXPECT_EQ(loop.run_until_complete(future), 3);
}

TEST(EventLoop, RefusesToRunForAFutureOfAnotherLoop) {  // B268
  EventLoop loop(virtual_clock());
  EventLoop other(virtual_clock());
  const Future<void> future = other.create_future<void>();
  loop.call_later(1s, [&] { loop.stop(); });

  EXPECT_TRUE(throws([&] { loop.run_until_complete(future); }).starts_with("ValueError"));
}

TEST(EventLoop, RunsReadyCallbacksInTheTurnInWhichMainEnds) {  // SEMANTICS 22
  EventLoop loop(virtual_clock());
  Trace trace;
  const auto work = [&]() -> Coroutine<void> {
    loop.call_soon([&] { trace.push_back("next turn, before the stop"); });
    loop.call_soon([&] { loop.call_soon([&] { trace.push_back("too late"); }); });
    co_return;
  };

  loop.run_until_complete(work());

  EXPECT_EQ(trace, Trace{"next turn, before the stop"});
}

}  // namespace
}  // namespace asyncio
