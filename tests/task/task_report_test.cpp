// Errors that a task reports, and exits, which it does not report.

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

#include "asyncio/task/task.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail;
using test::for_ever;
using test::pass;
using test::Reports;
using test::throws;
using test::Trace;

ASYNC_TEST(Task, ReportsAnUnretrievedErrorOnce) {
  const Reports reports(get_running_loop());

  (void)create_task(fail("oops"));
  co_await pass(4);

  EXPECT_EQ(reports.texts(), Trace{"Task exception was never retrieved: std::runtime_error: oops"});
}

ASYNC_TEST(Task, ReportsNeitherARetrievedErrorNorACancel) {
  const Reports reports(get_running_loop());
  {
    const auto awaited = create_task(fail("oops"));
    const auto asked = create_task(fail("oops"));
    const auto cancelled = create_task(for_ever());
    cancelled.cancel();
    (void)co_await ending_of(awaited);
    co_await pass(3);
    (void)asked.exception();
  }

  EXPECT_EQ(reports.size(), 0U);
}

TEST(Task, StoresAnExitAndEndsTheRunWithIt) {  // B49, B274
  EventLoop loop(test::virtual_clock());
  const Reports reports(loop);
  const auto work = []() -> Coroutine<void> {
    co_await sleep(1s);
    throw SystemExit(5);
  };
  {
    const Task<void> task = loop.create_task(work());

    EXPECT_EQ(throws([&] { loop.run_forever(); }), "SystemExit: 5");

    EXPECT_TRUE(task.done());
    EXPECT_EQ(describe(task.exception()), "SystemExit: 5");
  }
  EXPECT_EQ(reports.size(), 0U);
}

TEST(Task, ReportsNoExitOfTheTaskThatTheLoopRunsFor) {  // B274
  EventLoop loop(test::virtual_clock());
  const Reports reports(loop);
  const auto work = []() -> Coroutine<int> {
    co_await sleep(1s);
    throw KeyboardInterrupt();
  };

  EXPECT_EQ(throws([&] { loop.run_until_complete(work()); }), "KeyboardInterrupt");

  bool ran = false;
  loop.call_soon([&] {
    ran = true;
    loop.stop();
  });
  loop.run_forever();
  EXPECT_TRUE(ran);
  EXPECT_EQ(reports.size(), 0U);
}

}  // namespace
}  // namespace asyncio
