#include "asyncio/run/run.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::for_ever;
using test::number_after;
using test::throws;
using test::Trace;

Coroutine<EventLoop*> running_loop() {
  co_return &get_running_loop();
}

Coroutine<void> interrupt_myself() {
  EXPECT_EQ(::raise(SIGINT), 0);
  co_await for_ever();
}

template <class Main>
concept IsMain = requires(Runner& runner, Main main) {
  runner.run(std::move(main));
  asyncio::run(std::move(main));
};

// B343
static_assert(IsMain<Coroutine<int>>);
static_assert(!IsMain<Future<int>>);
static_assert(!IsMain<Task<int>>);
static_assert(!IsMain<Coroutine<int> (*)()>);

static_assert(!std::is_copy_constructible_v<Runner>);

TEST(Runner, RunsSeveralMainsOnOneLoop) {  // B349, B350
  Runner runner;

  EXPECT_EQ(runner.run(number_after(7, 0s)), 7);
  EventLoop* const first = runner.run(running_loop());
  EventLoop* const second = runner.run(running_loop());

  EXPECT_EQ(first, second);
  EXPECT_EQ(first, &runner.get_loop());
  EXPECT_EQ(find_running_loop(), nullptr);
}

TEST(Runner, KeepsItsContextFromRunToRun) {  // B350
  static const ContextVar<int> number("number", 0);
  const auto count = []() -> Coroutine<int> {
    (void)number.set(number.get() + 1);
    co_return number.get();
  };
  Runner runner;

  EXPECT_EQ(runner.run(count()), 1);
  EXPECT_EQ(runner.run(count()), 2);
  EXPECT_EQ(number.get(), 0);
}

TEST(Runner, StartsWithTheContextOfItsFirstRun) {
  static const ContextVar<int> number("number", 0);
  const auto value = []() -> Coroutine<int> { co_return number.get(); };
  Runner runner;
  auto token = number.set(1);

  EXPECT_EQ(runner.run(value()), 1);
  number.reset(token);
  EXPECT_EQ(runner.run(value()), 1);
}

TEST(Runner, RunsInAGivenContext) {  // B350
  static const ContextVar<int> number("number", 0);
  const auto set = [](int value) -> Coroutine<int> {
    const int before = number.get();
    (void)number.set(value);
    co_return before;
  };
  const Context mine = copy_context();
  Runner runner;

  EXPECT_EQ(runner.run(set(1), mine), 0);
  EXPECT_EQ(runner.run(set(2)), 0);
  EXPECT_EQ(runner.run(set(3), mine), 1);
  EXPECT_EQ(runner.run(set(4)), 2);
}

TEST(Runner, LetsTasksContinueInTheNextRun) {
  Trace trace;
  const auto step = [&]() -> Coroutine<void> {
    co_await sleep(2s);
    trace.push_back("task");
  };
  std::optional<Task<void>> task;
  const auto start = [&]() -> Coroutine<void> {
    task = create_task(step());
    co_await sleep(1s);
    trace.push_back("first");
  };
  const auto finish = [&]() -> Coroutine<void> {
    co_await *task;
    trace.push_back("second");
  };
  Runner runner(RunOptions().clock(ClockKind::virtual_time));

  runner.run(start());
  EXPECT_FALSE(task->done());
  runner.run(finish());

  EXPECT_EQ(trace, (Trace{"first", "task", "second"}));
}

TEST(Runner, ThrowsTheErrorOfOneMainAndRunsTheNext) {
  const auto fails = []() -> Coroutine<void> {
    throw std::runtime_error("no luck");
    co_return;
  };
  Runner runner;

  EXPECT_EQ(throws([&] { runner.run(fails()); }), "std::runtime_error: no luck");
  EXPECT_EQ(runner.run(number_after(7, 0s)), 7);
}

TEST(Runner, CreatesTheLoopThatItsOptionsDescribe) {  // B345, B348
  const auto in_debug_mode = []() -> Coroutine<bool> { co_return get_running_loop().get_debug(); };
  LoopOptions options;
  options.clock(ClockKind::virtual_time);
  Runner debugging(RunOptions().debug(true));
  Runner plain(RunOptions().debug(false));
  Runner special(RunOptions().loop(options));

  EXPECT_TRUE(debugging.run(in_debug_mode()));
  EXPECT_FALSE(plain.run(in_debug_mode()));
  EXPECT_TRUE(special.get_loop().has_virtual_clock());
}

TEST(Runner, IsRefusedWhereALoopRuns) {  // B344
  Runner runner;
  const auto main = [&]() -> Coroutine<std::string> {
    co_return throws([&] { (void)runner.run(number_after(7, 0s)); });
  };
  const std::string refused =
      "RuntimeError: Runner.run() cannot be called from a running event loop";

  EXPECT_EQ(runner.run(main()), refused);
  EXPECT_EQ(run(main()), refused);
  EXPECT_EQ(runner.run(number_after(7, 0s)), 7);
}

TEST(Runner, ClosesItsLoopAtItsEnd) {  // B351
  std::optional<LoopHandle> handle;
  Trace trace;
  const auto waiting = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      trace.push_back("cancelled");
      throw;
    }
  };
  const auto main = [&]() -> Coroutine<void> {
    handle = get_running_loop().handle();
    (void)create_task(waiting());
    co_await sleep(0s);
  };
  {
    Runner runner;
    runner.run(main());
    EXPECT_FALSE(handle->is_closed());
    EXPECT_EQ(trace, Trace{});
  }

  EXPECT_TRUE(handle->is_closed());
  EXPECT_EQ(trace, Trace{"cancelled"});
}

TEST(Runner, CannotBeUsedOnceItIsClosed) {  // B351
  Runner runner;
  EXPECT_EQ(runner.run(number_after(7, 0s)), 7);
  EventLoop& loop = runner.get_loop();

  runner.close();
  runner.close();

  EXPECT_TRUE(loop.is_closed());
  EXPECT_EQ(throws([&] { (void)runner.run(number_after(7, 0s)); }),
            "RuntimeError: Runner is closed");
  EXPECT_EQ(throws([&] { (void)runner.get_loop(); }), "RuntimeError: Runner is closed");
}

TEST(Runner, CanBeClosedUnused) {  // B351
  Runner runner;
  runner.close();

  EXPECT_EQ(throws([&] { (void)runner.get_loop(); }), "RuntimeError: Runner is closed");
}

TEST(Runner, CanRunAgainAfterAnInterrupt) {  // B352
  const auto submits = []() -> Coroutine<int> {
    const LoopHandle handle = get_running_loop().handle();
    const auto submit = [&] {
      return run_coroutine_threadsafe(number_after(7, 0s), handle).result();
    };
    co_return co_await to_thread(submit);
  };
  Runner runner;

  EXPECT_EQ(throws([&] { runner.run(interrupt_myself()); }), "KeyboardInterrupt");
  EXPECT_EQ(runner.run(submits()), 7);
  EXPECT_EQ(throws([&] { runner.run(interrupt_myself()); }), "KeyboardInterrupt");
}

TEST(Runner, ReportsAnExitOfCleanUpAtItsEnd) {
  const auto exits = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    throw SystemExit(3);
  };
  Task<void> task;
  const auto main = [&]() -> Coroutine<void> {
    task = create_task(exits());
    co_await sleep(0s);
  };
  Trace reports;
  const auto listen = [&](EventLoop&, const ExceptionContext& context) {
    reports.push_back(context.message);
  };
  {
    Runner runner;
    runner.get_loop().set_exception_handler(listen);
    runner.run(main());
  }

  EXPECT_EQ(reports, Trace{"an exit ended the clean-up of a Runner"});
}

}  // namespace
}  // namespace asyncio
