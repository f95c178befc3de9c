// Exits: exceptions that end the program in the middle of a run.

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "asyncio/run/run.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::for_ever;
using test::run_virtual;
using test::throws;
using test::Trace;
using test::wait_and_say;

Coroutine<void> exit_with(int code) {
  co_await sleep(1s);
  throw SystemExit(code);
}

TEST(Run, ThrowsAnExitOfMainAfterACleanEnd) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "task"));
    co_await exit_with(3);
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "SystemExit: 3");

  EXPECT_EQ(trace, (Trace{"task cancelled", "task has cleaned up at 2000"}));
}

TEST(Run, ThrowsAnExitOfATaskAfterMainHasCleanedUp) {
  Trace trace;
  Task<void> task;
  const auto main = [&]() -> Coroutine<void> {
    task = create_task(exit_with(3));
    co_await wait_and_say(&trace, "main");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "SystemExit: 3");

  EXPECT_EQ(trace, (Trace{"main cancelled", "main has cleaned up at 2000"}));
}

TEST(Run, ReportsAnExitOfATaskThatIsNeverRetrieved) {  // as CPython does
  std::optional<test::Reports> reports;
  RunOptions options;
  options.clock(ClockKind::virtual_time);
  const auto main = [&]() -> Coroutine<void> {
    reports.emplace(get_running_loop());
    (void)create_task(exit_with(3));
    co_await for_ever();
  };

  EXPECT_EQ(throws([&] { run(main(), std::move(options)); }), "SystemExit: 3");

  EXPECT_EQ(reports->texts(), Trace{"Task exception was never retrieved: SystemExit: 3"});
}

TEST(Run, ThrowsAnExitOfACallbackAfterMainHasCleanedUp) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    get_running_loop().call_later(1s, [] { throw KeyboardInterrupt(); });
    co_await wait_and_say(&trace, "main");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "KeyboardInterrupt");

  EXPECT_EQ(trace, (Trace{"main cancelled", "main has cleaned up at 2000"}));
}

TEST(Run, ThrowsAnExitThatAWorkerPassedToMain) {
  const auto main = []() -> Coroutine<void> { co_await to_thread([] { throw SystemExit(3); }); };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "SystemExit: 3");
}

TEST(Run, ClosesItsLoopEvenIfCleanUpExits) {
  std::optional<LoopHandle> handle;
  const auto exit_when_cancelled = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      throw SystemExit(4);
    }
  };
  Task<void> task;
  const auto main = [&]() -> Coroutine<void> {
    handle = get_running_loop().handle();
    task = create_task(exit_when_cancelled());
    co_await sleep(0s);
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "SystemExit: 4");

  EXPECT_TRUE(handle->is_closed());
}

}  // namespace
}  // namespace asyncio
