// ConcurrentFuture: time limits, cancellation and errors. threadsafe_test.cpp has plain results.

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <vector>

#include "asyncio/thread/threadsafe.hpp"
#include "support/async_test.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::count_tasks_left;
using test::fail;
using test::for_ever;
using test::number_after;
using test::pass;
using test::Reports;
using test::throws;
using test::Trace;
using test::wait_and_note;

// --- Time limits ---

TEST(ConcurrentFuture, CanBeWaitedForWithALimitAndAgain) {  // B336
  std::atomic<bool> released = false;
  const auto wait = [&]() -> Coroutine<int> {
    while (!released) co_await sleep(100us);
    co_return 7;
  };
  const LoopThread thread;
  const auto future = thread.run(wait());

  EXPECT_EQ(throws([&] { (void)future.result(1ms); }), test::kTimedOut);
  EXPECT_EQ(throws([&] { (void)future.exception(-1s); }), test::kTimedOut);
  EXPECT_FALSE(future.done());
  released = true;
  EXPECT_EQ(future.result(Duration::max()), 7);
}

ASYNC_TEST(ConcurrentFuture, MeasuresALimitOnTheClockOfTheWorkersLoop) {
  EventLoop& loop = get_running_loop();
  const LoopHandle handle = loop.handle();
  std::vector<Duration> times;
  auto work = [&] {
    const auto future = run_coroutine_threadsafe(number_after(7, 10s), handle);
    times.push_back(loop.time().time_since_epoch());
    EXPECT_EQ(throws([&] { (void)future.result(4s); }), test::kTimedOut);
    times.push_back(loop.time().time_since_epoch());
    EXPECT_EQ(future.result(7s), 7);
    times.push_back(loop.time().time_since_epoch());
  };

  co_await to_thread(work);

  EXPECT_EQ(times, (std::vector<Duration>{0s, 4s, 10s}));
}

ASYNC_TEST(ConcurrentFuture, CanEndInTheTurnInWhichAWorkersLimitPasses) {
  const LoopHandle handle = get_running_loop().handle();
  std::vector<int> values;
  for (int turns = 0; turns < 6; ++turns) {
    auto work = [&] {
      const auto future = run_coroutine_threadsafe(number_after(7, 10s), handle);
      blocking_sleep(10s);
      for (int i = 0; i < turns; ++i) blocking_sleep(0s);
      (void)throws([&] { (void)future.result(0s); });
      values.push_back(future.result());
    };
    auto work_and_end = [&] {
      const auto future = run_coroutine_threadsafe(number_after(7, 10s), handle);
      blocking_sleep(0s);
      blocking_sleep(0s);
      blocking_sleep(10s);
      for (int i = 0; i < turns; ++i) blocking_sleep(0s);
      (void)throws([&] { (void)future.result(0s); });
    };
    co_await to_thread(work);
    co_await to_thread(work_and_end);
  }

  EXPECT_EQ(values, std::vector<int>(6, 7));
}

TEST(ConcurrentFuture, ReturnsItsErrorAsAnObject) {
  LoopThread thread;
  const auto failing = thread.run(fail("oops"));
  const auto counting = thread.run(number_after(7, 0s));

  EXPECT_EQ(counting.exception(), nullptr);
  EXPECT_TRUE(comes_true([&] { return failing.done(); }));
  thread.stop();
  EXPECT_EQ(describe(failing.exception()), "std::runtime_error: oops");
}

// --- Cancellation ---

TEST(ConcurrentFuture, EndsAtOnceAndCancelsTheTaskWhenCancelled) {  // B336
  Trace trace;
  LoopThread thread;
  const auto future = thread.run(wait_and_note(trace));
  EXPECT_EQ(throws([&] { (void)future.result(1ms); }), test::kTimedOut);

  EXPECT_TRUE(future.cancel());
  EXPECT_TRUE(future.done());
  EXPECT_TRUE(future.cancelled());
  EXPECT_TRUE(future.cancel());
  EXPECT_EQ(throws([&] { (void)future.result(); }), "CancelledError");
  EXPECT_EQ(throws([&] { (void)future.exception(); }), "CancelledError");
  EXPECT_EQ(thread.run(count_tasks_left()).result(), 1U);

  thread.stop();
  EXPECT_EQ(trace, (Trace{"begun", "CancelledError", "cleaned up"}));
}

TEST(ConcurrentFuture, CannotBeCancelledOnceItHasAResultOrAnError) {
  LoopThread thread;
  const auto done = thread.run(number_after(7, 0s));
  const auto failed = thread.run(fail("oops"));
  EXPECT_EQ(done.result(), 7);
  EXPECT_TRUE(comes_true([&] { return failed.done(); }));
  thread.stop();

  EXPECT_FALSE(done.cancel());
  EXPECT_FALSE(failed.cancel());
  EXPECT_FALSE(done.cancelled());
  EXPECT_FALSE(failed.cancelled());
  EXPECT_EQ(done.result(), 7);
}

TEST(ConcurrentFuture, IsCancelledWithTheTask) {
  LoopThread thread;
  const auto cancel_itself = []() -> Coroutine<void> {
    current_task()->cancel("enough");
    co_await sleep(0s);
  };

  const auto future = thread.run(cancel_itself());

  EXPECT_TRUE(comes_true([&] { return future.done(); }));
  thread.stop();
  EXPECT_TRUE(future.cancelled());
  EXPECT_TRUE(future.cancel());
  EXPECT_EQ(throws([&] { future.result(); }), "CancelledError: enough");
}

TEST(ConcurrentFuture, LetsTheCoroutineStartWhenCancelledBeforeItReachesTheLoop) {
  Trace trace;
  EventLoop loop(test::virtual_clock());
  {
    const auto future = run_coroutine_threadsafe(wait_and_note(trace), loop.handle());
    EXPECT_TRUE(future.cancel());
  }

  loop.advance(0s);

  EXPECT_EQ(trace, (Trace{"begun", "CancelledError", "cleaned up"}));
}

TEST(ConcurrentFuture, CanBeCancelledWhenTheLoopIsGone) {
  std::optional<EventLoop> loop(std::in_place);
  const auto pending = run_coroutine_threadsafe(number_after(7, 0s), loop->handle());
  loop.reset();

  EXPECT_TRUE(pending.cancel());
  EXPECT_EQ(throws([&] { (void)pending.result(); }), "CancelledError");
}

ASYNC_TEST(ConcurrentFuture, WakesAWaitingWorkerWhenAnotherWorkerCancelsIt) {
  EventLoop& loop = get_running_loop();
  std::optional<ConcurrentFuture<int>> future;
  future = run_coroutine_threadsafe(number_after(7, 100s), loop.handle());
  Trace trace;
  auto ask = [&] {
    trace.push_back(throws([&] { (void)future->result(); }));
    EXPECT_EQ(loop.time().time_since_epoch(), 3s);
  };
  auto cancel = [&] {
    blocking_sleep(3s);
    future->cancel();
  };

  co_await gather(to_thread(ask), to_thread(cancel));

  EXPECT_EQ(trace, (Trace{"CancelledError"}));
}

ASYNC_TEST(ConcurrentFuture, ReportsAnErrorOfTheCleanUpAfterACancel) {
  EventLoop& loop = get_running_loop();
  const Reports reports(loop);
  const auto work = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    throw std::runtime_error("clean-up failed");
  };
  const LoopHandle handle = loop.handle();
  auto cancel = [&] {
    const auto future = run_coroutine_threadsafe(work(), handle);
    blocking_sleep(1s);
    future.cancel();
  };

  co_await to_thread(cancel);
  co_await pass(5);

  EXPECT_EQ(reports.texts(),
            (Trace{"Task exception was never retrieved: std::runtime_error: clean-up failed"}));
}

// --- Errors before the coroutine starts ---

TEST(RunCoroutineThreadsafe, ThrowsTheErrorOfATaskFactoryAndReportsIt) {  // B338
  Trace texts;
  LoopThread thread;
  const auto refuse_tasks = [&]() -> Coroutine<void> {
    EventLoop& loop = get_running_loop();
    loop.set_exception_handler([&](EventLoop&, const ExceptionContext& context) {
      texts.push_back(context.message + ": " + describe(context.exception));
    });
    loop.set_task_factory([](TaskOptions&) { throw std::runtime_error("no tasks today"); });
    co_return;
  };
  thread.run(refuse_tasks()).result();

  const auto future = thread.run(number_after(7, 0s));

  EXPECT_TRUE(comes_true([&] { return future.done(); }));
  const auto allow_tasks = [](EventLoop& loop) { loop.set_task_factory(nullptr); };
  thread.handle().call_soon_threadsafe([&] { allow_tasks(get_running_loop()); });
  thread.stop();
  EXPECT_EQ(throws([&] { (void)future.result(); }), "std::runtime_error: no tasks today");
  EXPECT_EQ(texts, (Trace{"Exception in callback: std::runtime_error: no tasks today"}));
}

}  // namespace
}  // namespace asyncio
