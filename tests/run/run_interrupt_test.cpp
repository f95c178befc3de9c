// SIGINT during a run.

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

#include "asyncio/run/run.hpp"
#include "run/interrupt_support.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::fail_when_cancelled;
using test::for_ever;
using test::interrupt_and;
using test::number_after;
using test::sigint_has;
using test::throws;
using test::Trace;
using test::wait_and_say;

TEST(RunInterrupt, CancelsMainAndThrowsKeyboardInterrupt) {  // B352
  EXPECT_EQ(throws([&] { run(interrupt_and(for_ever())); }), "KeyboardInterrupt");
}

TEST(RunInterrupt, CancelsAMainThatOnlyYields) {  // B352
  const auto yield_for_ever = []() -> Coroutine<void> {
    for (;;) co_await sleep(0s);
  };

  EXPECT_EQ(throws([&] { run(interrupt_and(yield_for_ever())); }), "KeyboardInterrupt");
}

TEST(RunInterrupt, LetsMainAndTheOtherTasksCleanUp) {
  Trace trace;
  RunOptions options;
  options.clock(ClockKind::virtual_time);
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(wait_and_say(&trace, "task"));
    co_await sleep(1s);
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      trace.push_back("main cancelled");
      throw;
    }
  };

  EXPECT_EQ(throws([&] { run(main(), std::move(options)); }), "KeyboardInterrupt");

  EXPECT_EQ(trace, (Trace{"main cancelled", "task cancelled", "task has cleaned up at 2000"}));
}

TEST(RunInterrupt, ReachesMainFromAnotherTask) {
  const auto main = []() -> Coroutine<void> {
    (void)create_task(interrupt_and(for_ever()));
    co_await for_ever();
  };

  EXPECT_EQ(throws([&] { run(main()); }), "KeyboardInterrupt");
}

TEST(RunInterrupt, WakesALoopThatWaits) {
  const pthread_t main_thread = ::pthread_self();
  std::thread sender([main_thread] {
    while (sigint_has(SIG_DFL)) std::this_thread::yield();  // until run() listens
    std::this_thread::sleep_for(5ms);
    EXPECT_EQ(::pthread_kill(main_thread, SIGINT), 0);
  });

  const auto main = []() -> Coroutine<void> { co_await sleep(1h); };
  EXPECT_EQ(throws([&] { run(main()); }), "KeyboardInterrupt");

  sender.join();
}

TEST(RunInterrupt, ReachesARunWhoseMainWaitsForAWorker) {
  std::atomic<bool> begun = false;
  std::atomic<bool> ended = false;
  const auto main = [&]() -> Coroutine<void> {
    auto working = run_in_executor([&] {
      begun = true;
      std::this_thread::sleep_for(5ms);
      ended = true;
    });
    while (!begun) std::this_thread::yield();
    EXPECT_EQ(::raise(SIGINT), 0);
    co_await working;
  };

  EXPECT_EQ(throws([&] { run(main()); }), "KeyboardInterrupt");

  EXPECT_TRUE(ended);
}

TEST(RunInterrupt, RefusesCoroutinesFromOtherThreadsAfterwards) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    const LoopHandle handle = get_running_loop().handle();
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_await to_thread([&] {
      const auto refused = run_coroutine_threadsafe(number_after(7, 0s), handle);
      trace.push_back(throws([&] { (void)refused.result(); }));
    });
  };

  run(main());

  EXPECT_EQ(trace, Trace{"CancelledError"});
}

TEST(RunInterrupt, IsIgnoredIfMainReturnsAValueAnyway) {
  const auto main = []() -> Coroutine<int> {
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_return 7;
  };

  EXPECT_EQ(run(main()), 7);
}

TEST(RunInterrupt, YieldsToAnotherErrorOfMain) {
  const auto main = []() -> Coroutine<void> {
    EXPECT_EQ(::raise(SIGINT), 0);
    co_await fail_when_cancelled("in clean-up");
  };

  EXPECT_EQ(throws([&] { run(main()); }), "std::runtime_error: in clean-up");
}

TEST(RunInterrupt, YieldsToAnotherCancelOfMain) {  // B353
  const auto main = []() -> Coroutine<void> {
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      current_task()->cancel();
      throw;
    }
  };

  EXPECT_EQ(throws([&] { run(main()); }), "CancelledError");
}

TEST(RunInterrupt, IsNotLostInTheLastStepOfMain) {
  const auto main = []() -> Coroutine<int> {
    EXPECT_EQ(::raise(SIGINT), 0);
    co_return 7;
  };

  EXPECT_EQ(throws([&] { (void)run(main()); }), "KeyboardInterrupt");
}

TEST(RunInterruptDeathTest, EndsTheProcessTheSecondTime) {
  const auto main = []() -> Coroutine<void> {
    EXPECT_EQ(::raise(SIGINT), 0);
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      ::raise(SIGINT);
    }
  };

  EXPECT_EXIT(run(main()), testing::KilledBySignal(SIGINT), "");
}

TEST(RunInterruptDeathTest, EndsTheProcessOnceMainHasEnded) {
  const auto raise_when_cancelled = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      ::raise(SIGINT);
    }
  };
  const auto main = [&]() -> Coroutine<void> {
    (void)create_task(raise_when_cancelled());
    co_await sleep(0s);
  };

  EXPECT_EXIT(run(main()), testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace asyncio
