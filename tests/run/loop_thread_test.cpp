#include "asyncio/run/loop_thread.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "run/exit_support.hpp"
#include "support/async_test.hpp"
#include "support/process_state.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::for_ever;
using test::Leave;
using test::leave;
using test::number_after;
using test::throws;
using test::Trace;

TEST(LoopThread, RunsCoroutinesOnItsThread) {
  const LoopThread thread;
  const auto where = []() -> Coroutine<std::thread::id> { co_return std::this_thread::get_id(); };

  const auto first = thread.run(where()).result();
  const auto second = thread.run(where()).result();

  EXPECT_EQ(first, second);
  EXPECT_NE(first, std::this_thread::get_id());
  EXPECT_EQ(find_running_loop(), nullptr);
}

TEST(LoopThread, CancelsAndAwaitsTheTasksThatAreLeftWhenItStops) {
  Trace trace;
  LoopThread thread;
  const auto work = [&]() -> Coroutine<void> {
    trace.emplace_back("begun");
    bool cancelled = false;
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      cancelled = true;
    }
    co_await sleep(1ms);
    trace.emplace_back(cancelled ? "cleaned up" : "?");
  };
  const auto future = thread.run(work());
  (void)thread.run(number_after(0, 0s)).result();

  thread.stop();
  thread.stop();

  EXPECT_EQ(trace, (Trace{"begun", "cleaned up"}));
  EXPECT_TRUE(future.done());
  EXPECT_TRUE(thread.handle().is_closed());
  EXPECT_EQ(throws([&] { (void)thread.run(number_after(7, 0s)); }),
            "RuntimeError: Event loop is closed");
}

TEST(LoopThread, CanHaveAVirtualClock) {
  const LoopThread thread(RunOptions().clock(ClockKind::virtual_time));

  EXPECT_EQ(thread.run(number_after(7, 24h)).result(), 7);
}

TEST(LoopThread, ThrowsAnExitWhenItIsStopped) {
  LoopThread thread;
  const auto future = thread.run(leave());
  EXPECT_THROW(future.result(), Leave);

  EXPECT_THROW(thread.stop(), Leave);
  thread.stop();
}

TEST(LoopThread, ReportsAnExitWhenItIsDestroyed) {
  testing::internal::CaptureStderr();
  {
    const LoopThread thread;
    EXPECT_THROW(thread.run(leave()).result(), Leave);
  }
  const std::string line = testing::internal::GetCapturedStderr();

  EXPECT_NE(line.find("asyncio: an error ended a LoopThread"), std::string::npos) << line;
}

TEST(LoopThread, CanBeStoppedByItsLoop) {
  LoopThread thread;
  const auto stop_loop = []() -> Coroutine<void> {
    get_running_loop().stop();
    co_return;
  };
  thread.run(stop_loop()).result();

  thread.stop();

  EXPECT_TRUE(thread.handle().is_closed());
}

TEST(LoopThread, FinishesItsCleanUpEvenIfItIsStoppedAgain) {
  std::promise<void> cleaning;
  bool clean = false;
  LoopThread thread;
  const auto work = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
      cleaning.set_value();
    }
    co_await sleep(20ms);
    clean = true;
  };
  const auto future = thread.run(work());
  (void)thread.run(number_after(0, 0s)).result();

  thread.ask_to_stop();
  cleaning.get_future().wait();
  thread.stop();

  EXPECT_TRUE(clean);
}

TEST(LoopThread, ContinuesWhenAllItsTasksAreCancelled) {
  const LoopThread thread;
  const auto cancel_all = []() -> Coroutine<void> {
    for (const AnyTask& task : all_tasks()) {
      if (task != *current_task()) task.cancel();
    }
    co_await sleep(0s);
  };
  thread.run(cancel_all()).result();

  EXPECT_EQ(thread.run(number_after(7, 0s)).result(), 7);
}

TEST(LoopThread, CannotBeStoppedFromItsOwnThread) {
  LoopThread thread;
  const auto stop_it = [&]() -> Coroutine<std::string> {
    co_return throws([&] { thread.stop(); });
  };

  EXPECT_EQ(thread.run(stop_it()).result(),
            "RuntimeError: a LoopThread cannot be stopped from its own thread");
}

TEST(LoopThread, ThrowsTheErrorOfALoopThatCannotBeCreated) {
  const test::EnvironmentVariable backend("ASYNCIO_BACKEND", "abacus");

  EXPECT_THROW(LoopThread(), std::invalid_argument);
}

}  // namespace
}  // namespace asyncio
