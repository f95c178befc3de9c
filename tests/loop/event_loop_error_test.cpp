// Errors and exits that leave a callback.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using test::LiveCount;
using test::throws;
using test::Trace;
using test::virtual_clock;

TEST(EventLoop, ReportsAThrowingCallbackAndContinues) {  // B291
  EventLoop loop(virtual_clock());
  const test::Reports reports(loop);
  bool later = false;
  loop.call_soon([] { throw std::runtime_error("oops"); });
  loop.call_soon([&] { later = true; });

  loop.stop();
  loop.run_forever();

  EXPECT_TRUE(later);
  EXPECT_EQ(reports.texts(), Trace{"Exception in callback: std::runtime_error: oops"});
}

TEST(EventLoop, ReportsAFailingExceptionHandlerOnStandardError) {  // B296
  EventLoop loop(virtual_clock());
  loop.set_exception_handler(
      [](EventLoop&, const ExceptionContext&) { throw std::runtime_error("handler"); });
  loop.call_soon([] { throw std::runtime_error("callback"); });
  testing::internal::CaptureStderr();

  loop.stop();
  loop.run_forever();

  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(text,
            "asyncio: Exception in callback: std::runtime_error: callback\n"
            "asyncio: Unhandled error in exception handler: std::runtime_error: handler\n");
}

TEST(EventLoop, WritesOneLineForAnErrorWithoutAHandler) {  // B293
  EventLoop loop(virtual_clock());
  loop.set_exception_handler([](EventLoop&, const ExceptionContext&) {});
  loop.set_exception_handler(nullptr);  // B294: the default is back
  loop.call_soon([] { throw std::runtime_error("oops"); });
  testing::internal::CaptureStderr();

  loop.stop();
  loop.run_forever();

  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "asyncio: Exception in callback: std::runtime_error: oops\n");
}

TEST(EventLoop, AllowsAHandlerToReplaceItself) {
  EventLoop loop(virtual_clock());
  LiveCount count;
  int calls = 0;
  loop.set_exception_handler([&, live = count.make()](EventLoop& own, const ExceptionContext&) {
    own.set_exception_handler([&calls](EventLoop&, const ExceptionContext&) { calls += 10; });
    ++calls;  // the captures live until the handler returns
  });
  loop.call_soon([] { throw 1; });
  loop.call_soon([] { throw 2; });

  loop.stop();
  loop.run_forever();

  EXPECT_EQ(calls, 11);
  EXPECT_EQ(count.alive(), 0);
}

TEST(EventLoop, EndsTheRunWithACallbacksExitAfterItsTurn) {  // B274
  EventLoop loop(virtual_clock());
  const test::Reports reports(loop);
  Trace trace;
  loop.call_soon([] { throw SystemExit(3); });
  loop.call_soon([&] {
    trace.push_back("same turn");
    loop.call_soon([&] { trace.push_back("next turn"); });
  });

  int code = 0;
  try {
    loop.run_forever();
  } catch (const SystemExit& exit) {
    code = exit.code();
  }
  EXPECT_EQ(code, 3);
  EXPECT_EQ(trace, Trace{"same turn"});

  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();  // the loop still works, and the exit is forgotten
  EXPECT_EQ(trace, (Trace{"same turn", "next turn"}));
  EXPECT_EQ(reports.size(), 0U);
}

TEST(EventLoop, ThrowsTheFirstOfSeveralExits) {
  EventLoop loop(virtual_clock());
  loop.call_soon([] { throw SystemExit(1); });
  loop.call_soon([] { throw KeyboardInterrupt(); });

  EXPECT_EQ(throws([&] { loop.run_forever(); }), "SystemExit: 1");
}

TEST(EventLoop, EndsTheRunWithAnExitFromTheExceptionHandler) {
  EventLoop loop(virtual_clock());
  loop.set_exception_handler([](EventLoop&, const ExceptionContext&) { throw SystemExit(4); });
  loop.call_soon([] { throw std::runtime_error("oops"); });

  EXPECT_EQ(throws([&] { loop.run_forever(); }), "SystemExit: 4");
}

}  // namespace
}  // namespace asyncio
