#include "asyncio/run/run.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::fail_when_cancelled;
using test::for_ever;
using test::LiveCount;
using test::number_after;
using test::run_virtual;
using test::throws;
using test::Trace;
using test::wait_and_say;

// --- Results ---

TEST(Run, GivesTheValueOfMain) {  // B342
  EXPECT_EQ(run(number_after(7, 0s)), 7);
}

TEST(Run, EndsWithoutAValueIfMainHasNone) {
  bool ran = false;
  const auto main = [&]() -> Coroutine<void> {
    ran = true;
    co_return;
  };

  run(main());

  EXPECT_TRUE(ran);
}

TEST(Run, GivesAValueThatCannotBeCopied) {
  const auto main = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };

  EXPECT_EQ(*run(main()), 7);
}

TEST(Run, GivesTheReferenceThatMainReturns) {
  int number = 0;
  const auto main = [&]() -> Coroutine<int&> { co_return number; };

  EXPECT_EQ(&run(main()), &number);
}

TEST(Run, ThrowsTheErrorOfMain) {  // B342
  const auto main = []() -> Coroutine<void> {
    test::expect_no_reports(get_running_loop());
    co_await sleep(0s);
    throw std::runtime_error("no luck");
  };

  EXPECT_EQ(throws([&] { run(main()); }), "std::runtime_error: no luck");
}

TEST(Run, ThrowsCancelledErrorIfMainIsCancelled) {
  const auto main = []() -> Coroutine<void> {
    current_task()->cancel("enough");
    co_await sleep(0s);
  };

  EXPECT_EQ(throws([&] { run(main()); }), "CancelledError: enough");
}

TEST(Run, GivesMainTheFirstNameOfItsLoop) {
  const auto main = []() -> Coroutine<std::string> { co_return current_task()->get_name(); };

  EXPECT_EQ(run(main()), "Task-1");
  EXPECT_EQ(run(main()), "Task-1");
}

TEST(Run, DestroysMainAndItsResultInTime) {
  LiveCount objects;
  const auto main = [&]() -> Coroutine<test::Live> {
    const test::Live local = objects.make();
    co_await sleep(0s);
    co_return objects.make();
  };

  {
    const test::Live result = run(main());
    EXPECT_EQ(objects.alive(), 1);
  }

  EXPECT_EQ(objects.alive(), 0);
}

// --- Loops ---

TEST(Run, IsRefusedWhereALoopRuns) {  // B344
  const auto main = []() -> Coroutine<std::string> {
    co_return throws([] { (void)run(number_after(7, 0s)); });
  };

  EXPECT_EQ(run(main()), "RuntimeError: asyncio.run() cannot be called from a running event loop");
}

TEST(Run, ClosesItsLoop) {
  const auto main = []() -> Coroutine<LoopHandle> { co_return get_running_loop().handle(); };

  EXPECT_TRUE(run(main()).is_closed());
  EXPECT_EQ(find_running_loop(), nullptr);
}

TEST(Run, ClosesItsLoopAlsoIfMainFails) {
  std::optional<LoopHandle> handle;
  const auto main = [&]() -> Coroutine<void> {
    handle = get_running_loop().handle();
    throw std::runtime_error("no luck");
    co_return;
  };

  EXPECT_NE(throws([&] { run(main()); }), "ok");

  EXPECT_TRUE(handle->is_closed());
}

TEST(Run, MakesTheLoopThatItsOptionsAskFor) {
  const auto main = []() -> Coroutine<bool> { co_return get_running_loop().has_virtual_clock(); };
  RunOptions whole_loop;
  whole_loop.loop(test::virtual_clock());
  RunOptions only_clock;
  only_clock.clock(ClockKind::virtual_time);

  EXPECT_FALSE(run(main()));
  EXPECT_TRUE(run(main(), std::move(whole_loop)));
  EXPECT_TRUE(run(main(), std::move(only_clock)));
}

TEST(Run, MayRunInSeveralThreadsAtOnce) {
  const auto main = [](int given) -> Coroutine<int> {
    co_await sleep(1ms);
    co_return co_await to_thread([](int value) { return value; }, given);
  };

  int other = 0;
  std::thread thread([&] { other = run(main(1)); });
  const int own = run(main(2));
  thread.join();

  EXPECT_EQ(own, 2);
  EXPECT_EQ(other, 1);
}

TEST(Run, MayRunInAWorkerOfAnother) {
  const auto main = []() -> Coroutine<int> {
    co_return co_await to_thread([] { return run(number_after(7, 0s)); });
  };

  EXPECT_EQ(run(main()), 7);
}

// --- What is left when main ends ---

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

TEST(Run, CancelsTheOtherTasksAlsoIfMainFails) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "task"));
    co_await sleep(1s);
    throw std::runtime_error("no luck");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }), "std::runtime_error: no luck");

  EXPECT_EQ(trace, (Trace{"task cancelled", "task has cleaned up at 2000"}));
}

TEST(Run, LetsATaskBeginThatMainHasJustMade) {
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

  EXPECT_TRUE(started);  // in the turn in which main's end stops the loop
}

TEST(Run, ReportsTheErrorsThatItMeetsAtItsEndAndGivesTheValue) {  // B347
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

TEST(Run, LeavesATaskAloneThatRefusesToBeCancelled) {
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

TEST(Run, GivesTheValueThoughACycleOfTasksIsLeftThatCannotBeCancelled) {
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

  EXPECT_EQ(reports->size(), 4U);  // each is reported as not cancelled, and as destroyed
}

TEST(Run, DestroysATaskThatCleanUpStartsAndThatDoesNotEnd) {
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

TEST(Run, EndsThoughItsExecutorHasBeenShutDown) {
  const auto main = []() -> Coroutine<int> {
    co_await to_thread([] {});
    co_await shutdown_default_executor();
    co_return 7;
  };

  EXPECT_EQ(run(main()), 7);
}

TEST(Run, ThrowsWhenMainStopsTheLoop) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    get_running_loop().stop();
    co_await wait_and_say(&trace, "main");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }),
            "RuntimeError: Event loop stopped before Future completed.");

  EXPECT_EQ(trace, (Trace{"main cancelled", "main has cleaned up at 1000"}));
}

}  // namespace
}  // namespace asyncio
