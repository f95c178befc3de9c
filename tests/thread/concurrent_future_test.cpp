// What a thread can do with the result of run_coroutine_threadsafe(), beyond waiting for it.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "asyncio/thread/threadsafe.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::ending_of;
using test::fail;
using test::for_ever;
using test::number_after;
using test::pass;
using test::Reports;
using test::run_real;
using test::throws;
using test::Trace;

/// `for_ever()` that notes how it ends.
Coroutine<int> wait_and_note(Trace& trace) {
  trace.emplace_back("begun");
  trace.push_back(co_await ending_of(for_ever()));
  co_await sleep(0s);
  trace.emplace_back("cleaned up");
  throw CancelledError("of the task");
}

/// How many tasks of a loop there are, this one included, when those that were about to end have.
Coroutine<std::size_t> count_tasks_left() {
  co_await pass(5);
  co_return all_tasks().size();
}

// --- A time limit ---

TEST(ConcurrentFuture, MayBeWaitedForUpToALimitAndAgain) {  // B336
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

ASYNC_TEST(ConcurrentFuture, CountsALimitInTheTimeOfTheWorkersLoop) {
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

ASYNC_TEST(ConcurrentFuture, MayEndInTheTurnInWhichAWorkersLimitPasses) {
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

TEST(ConcurrentFuture, GivesTheErrorAsAnObject) {
  LoopThread thread;
  const auto failing = thread.run(fail("oops"));
  const auto counting = thread.run(number_after(7, 0s));

  EXPECT_EQ(counting.exception(), nullptr);
  EXPECT_TRUE(comes_true([&] { return failing.done(); }));
  thread.stop();
  EXPECT_EQ(describe(failing.exception()), "std::runtime_error: oops");
}

// --- Cancelling ---

TEST(ConcurrentFuture, WhenCancelledEndsAtOnceAndCancelsTheTask) {  // B336
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

TEST(ConcurrentFuture, CancelledOnTheWayLetsTheCoroutineBeginFirst) {
  Trace trace;
  EventLoop loop(test::virtual_clock());
  {
    const auto future = run_coroutine_threadsafe(wait_and_note(trace), loop.handle());
    EXPECT_TRUE(future.cancel());
  }

  loop.advance(0s);

  EXPECT_EQ(trace, (Trace{"begun", "CancelledError", "cleaned up"}));
}

TEST(ConcurrentFuture, MayBeCancelledWhenTheLoopIsGone) {
  std::optional<EventLoop> loop(std::in_place);
  const auto pending = run_coroutine_threadsafe(number_after(7, 0s), loop->handle());
  loop.reset();

  EXPECT_TRUE(pending.cancel());
  EXPECT_EQ(throws([&] { (void)pending.result(); }), "CancelledError");
}

ASYNC_TEST(ConcurrentFuture, CancelledByAWorkerWakesAnotherThatWaitsForIt) {
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

ASYNC_TEST(ConcurrentFuture, WhenCancelledLeavesAnErrorOfTheCleanUpToTheExceptionHandler) {
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

// --- Errors on the way ---

TEST(RunCoroutineThreadsafe, GivesTheErrorOfATaskFactoryAndReportsIt) {  // B338
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

// --- wrap_future() ---

Coroutine<void> awaits_another_loop() {
  LoopThread other;

  EXPECT_EQ(co_await wrap_future(other.run(number_after(7, 1ms))), 7);
  co_await wrap_future(other.run(pass(1)));
  const auto make = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
  EXPECT_EQ(*co_await wrap_future(other.run(make())), 7);
  const auto over = other.run(number_after(7, 0s));
  EXPECT_EQ(over.result(), 7);
  EXPECT_EQ(co_await wrap_future(over), 7);
}

TEST(WrapFuture, GivesTheValueOfAnotherThreadsLoop) {  // B339
  run_real(awaits_another_loop());
}

Coroutine<void> fails_with_another_loop() {
  LoopThread other;

  auto future = wrap_future(other.run(fail("oops")));

  EXPECT_EQ(co_await ending_of(future), "std::runtime_error: oops");
  other.stop();
}

TEST(WrapFuture, FailsWithTheErrorOfAnotherThreadsLoop) {
  run_real(fails_with_another_loop());
}

ASYNC_TEST(WrapFuture, GivesBackAFutureOfALoopAsItIs) {  // B339
  const auto future = test::new_future();

  EXPECT_EQ(wrap_future(future), future);
  co_return;
}

TEST(WrapFuture, NeedsARunningLoop) {  // B340
  LoopThread other;
  const auto future = other.run(number_after(7, 0s));

  EXPECT_EQ(throws([&] { (void)wrap_future(future); }), "RuntimeError: no running event loop");
  EXPECT_EQ(future.result(), 7);
}

Coroutine<void> cancels_the_wrapper() {
  Trace trace;
  LoopThread other;
  const auto source = other.run(wait_and_note(trace));
  const auto done = other.run(number_after(7, 0s));
  EXPECT_EQ(done.result(), 7);
  const auto wrapper = wrap_future(source);
  const auto wrapper_of_done = wrap_future(done);

  wrapper.cancel();
  wrapper_of_done.cancel();
  EXPECT_EQ(co_await ending_of(wrapper), "CancelledError");
  co_await pass(1);

  EXPECT_TRUE(source.cancelled());
  EXPECT_FALSE(done.cancelled());
  EXPECT_EQ(done.result(), 7);
  EXPECT_EQ(other.run(count_tasks_left()).result(), 1U);
  other.stop();
  EXPECT_EQ(trace, (Trace{"begun", "CancelledError", "cleaned up"}));
}

TEST(WrapFuture, WhenCancelledCancelsWhatIsPending) {  // B341
  run_real(cancels_the_wrapper());
}

Coroutine<void> cancels_the_source() {
  LoopThread other;
  const auto source = other.run(number_after(7, 1h));
  const auto awaited = wrap_future(source);
  const auto ignored = wrap_future(source);

  source.cancel();

  EXPECT_EQ(co_await ending_of(awaited), "CancelledError");
  EXPECT_TRUE(awaited.cancelled());
  EXPECT_TRUE(ignored.cancelled());
}

TEST(WrapFuture, IsCancelledWithItsSourceAndSaysNothing) {
  run_real(cancels_the_source());
}

TEST(WrapFuture, MayBeOutlivedByTheLoopThatItWaitsFor) {
  test::LiveCount parameters;
  std::optional<ConcurrentFuture<int>> source;
  {
    LoopThread other;
    const auto wait = [](test::Live /*parameter*/) -> Coroutine<int> {
      co_await for_ever();
      co_return 7;
    };
    source = other.run(wait(parameters.make()));
    EventLoop loop;
    const auto wrap = [&]() -> Coroutine<void> {
      (void)wrap_future(*source);
      co_return;
    };
    loop.run_until_complete(wrap());
    loop.close();
  }

  EXPECT_TRUE(source->cancelled());
  EXPECT_EQ(parameters.alive(), 0);
}

Coroutine<int> ask_back(LoopHandle asker, int depth) {
  if (depth == 0) co_return 1;
  const LoopHandle own = get_running_loop().handle();
  co_return 1 + co_await wrap_future(run_coroutine_threadsafe(ask_back(own, depth - 1), asker));
}

TEST(WrapFuture, LetsTwoLoopsCallEachOther) {
  const LoopThread one;
  const LoopThread other;

  EXPECT_EQ(one.run(ask_back(other.handle(), 100)).result(), 101);
}

}  // namespace
}  // namespace asyncio
