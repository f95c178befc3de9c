// The end of run(): it cancels the tasks that are left when main ends, and waits for workers.

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "asyncio/run/run.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::fail_when_cancelled;
using test::for_ever;
using test::run_virtual;
using test::throws;
using test::Trace;
using test::wait_and_say;

TEST(Run, CancelsTheOtherTasksInTheirOrderAndLetsThemCleanUp) {  // B346
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "first"));
    (void)create_task(wait_and_say(&trace, "second"));
    co_await sleep(1s);
    trace.push_back("main ends");
  };

  run_virtual(main());

  EXPECT_EQ(trace, (Trace{"main ends", "first cancelled", "second cancelled",
                          "first has cleaned up at 2000", "second has cleaned up at 2000"}));
}

TEST(Run, CancelsTheOtherTasksEvenIfMainFails) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "task"));
    co_await sleep(1s);
    throw std::runtime_error("no luck");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "std::runtime_error: no luck");

  EXPECT_EQ(trace, (Trace{"task cancelled", "task has cleaned up at 2000"}));
}

TEST(Run, StartsATaskThatMainHasJustCreated) {
  bool started = false;
  const auto start = [&]() -> Coroutine<void> {
    started = true;
    co_await for_ever();
  };
  const auto main = [&]() -> Coroutine<void> {
    co_await sleep(0s);
    (void)create_task(start());
  };

  run_virtual(main());

  EXPECT_TRUE(started);  // in the turn in which the end of main stops the loop
}

TEST(Run, ReportsTheErrorsOfCleanUpAndReturnsTheValue) {  // B347
  std::optional<test::Reports> reports;
  const auto main = [&]() -> Coroutine<int> {
    reports.emplace(get_running_loop());
    (void)create_task(fail_when_cancelled("in clean-up"), "cleaner");
    (void)create_task(for_ever());
    co_await sleep(0s);
    co_return 7;
  };

  EXPECT_EQ(run(main()), 7);

  EXPECT_EQ(reports->texts(), Trace{"unhandled exception during asyncio.run() shutdown: "
                                    "std::runtime_error: in clean-up"});
  EXPECT_EQ(reports->all().front().task_name, "cleaner");
}

TEST(Run, WaitsForATaskThatRefusesToBeCancelled) {
  bool ended = false;
  const auto stubborn = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_await sleep(5s);
    ended = true;
  };
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(stubborn());
    co_await sleep(0s);
  };

  run_virtual(main());

  EXPECT_TRUE(ended);
}

TEST(Run, ReturnsTheValueEvenIfACycleOfTasksCannotBeCancelled) {
  std::optional<test::Reports> reports;
  std::vector<Task<void>> cycle(2);
  const auto await_task = [&](std::size_t index) -> Coroutine<void> { co_await cycle[index]; };
  const auto main = [&]() -> Coroutine<int> {
    reports.emplace(get_running_loop());
    for (std::size_t i = 0; i < 2; ++i) cycle[i] = create_task(await_task(1 - i));
    co_await sleep(1s);
    co_return 7;
  };

  EXPECT_EQ(run_virtual(main()), 7);

  EXPECT_EQ(reports->size(), 4U);  // each task as not cancelled and as destroyed
}

TEST(Run, DestroysAnEndlessTaskThatCleanUpStarts) {
  std::optional<test::Reports> reports;
  const auto starter = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      (void)create_task(for_ever(), "late");
      throw;
    }
  };
  const auto main = [&]() -> Coroutine<void> {
    reports.emplace(get_running_loop());
    (void)create_task(starter());
    co_await sleep(0s);
  };

  run(main());

  EXPECT_EQ(reports->texts(), Trace{"Task was destroyed but it is pending!"});
}

TEST(Run, WaitsForTheDefaultExecutor) {
  std::atomic<bool> ended = false;
  const auto main = [&]() -> Coroutine<void> {
    (void)run_in_executor([&] {
      std::this_thread::sleep_for(5ms);
      ended = true;
    });
    co_return;
  };

  run(main());

  EXPECT_TRUE(ended);
}

TEST(Run, EndsEvenIfItsExecutorHasBeenShutDown) {
  const auto main = []() -> Coroutine<int> {
    co_await to_thread([] {});
    co_await shutdown_default_executor();
    co_return 7;
  };

  EXPECT_EQ(run(main()), 7);
}

}  // namespace
}  // namespace asyncio
