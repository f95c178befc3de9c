#include "asyncio/thread/threadsafe.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"
#include "support/uncopiable.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::fail;
using test::for_ever;
using test::ForeverThread;
using test::Gate;
using test::LiveCount;
using test::number_after;
using test::throws;
using test::Trace;
using test::Uncopiable;

Coroutine<void> cancel_itself() {
  current_task()->cancel("enough");
  co_await sleep(0s);
}

/// Returns how `future` ends. Asks only after the loop has released the error, because
/// ThreadSanitizer does not see how libstdc++ counts the owners of an exception.
template <class T>
std::string ending_after(ForeverThread& thread, const ConcurrentFuture<T>& future) {
  EXPECT_TRUE(comes_true([&] { return future.done(); }));
  thread.stop();
  return throws([&] { (void)future.result(); });
}

TEST(RunCoroutineThreadsafe, ReturnsTheValue) {  // B335
  const ForeverThread thread;

  EXPECT_EQ(run_coroutine_threadsafe(number_after(7, 0s), thread.handle()).result(), 7);
}

TEST(RunCoroutineThreadsafe, RunsTheCoroutineOnTheThreadOfItsLoop) {
  const ForeverThread thread;
  const auto where = []() -> Coroutine<std::thread::id> { co_return std::this_thread::get_id(); };

  const std::thread::id ran_on = run_coroutine_threadsafe(where(), thread.handle()).result();

  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(RunCoroutineThreadsafe, ReturnsNothingIfTheCoroutineReturnsVoid) {
  const ForeverThread thread;
  bool ran = false;
  const auto mark = [&]() -> Coroutine<void> {
    ran = true;
    co_return;
  };

  run_coroutine_threadsafe(mark(), thread.handle()).result();

  EXPECT_TRUE(ran);
}

TEST(RunCoroutineThreadsafe, ReturnsAMoveOnlyValue) {
  const ForeverThread thread;
  const auto make = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };

  const auto value = run_coroutine_threadsafe(make(), thread.handle()).result();

  EXPECT_EQ(*value, 7);
}

TEST(RunCoroutineThreadsafe, ReturnsAReference) {
  const ForeverThread thread;
  int number = 0;
  const auto refer = [&]() -> Coroutine<int&> { co_return number; };

  EXPECT_EQ(&run_coroutine_threadsafe(refer(), thread.handle()).result(), &number);
}

TEST(RunCoroutineThreadsafe, ThrowsTheErrorOfTheCoroutine) {  // B335
  ForeverThread thread;

  const auto future = run_coroutine_threadsafe(fail("no luck"), thread.handle());

  EXPECT_EQ(ending_after(thread, future), "std::runtime_error: no luck");
}

Coroutine<Uncopiable> make_uncopiable() {
  co_return Uncopiable();
}

TEST(RunCoroutineThreadsafe, ThrowsTheErrorOfAResultThatCannotBeCopied) {
  ForeverThread thread;

  const auto future = run_coroutine_threadsafe(make_uncopiable(), thread.handle());

  EXPECT_EQ(ending_after(thread, future), "std::runtime_error: copy");
}

TEST(RunCoroutineThreadsafe, ThrowsCancelledErrorIfTheTaskIsCancelled) {  // B337
  ForeverThread thread;

  const auto future = run_coroutine_threadsafe(cancel_itself(), thread.handle());

  EXPECT_EQ(ending_after(thread, future), "CancelledError: enough");
}

TEST(RunCoroutineThreadsafe, ReturnsACopyToEachCaller) {
  const ForeverThread thread;
  const auto text = []() -> Coroutine<std::string> { co_return "a text that is not short"; };
  const auto future = run_coroutine_threadsafe(text(), thread.handle());

  std::string other;
  std::thread asker([&, future] { other = future.result(); });
  const std::string own = future.result();
  asker.join();

  EXPECT_EQ(own, "a text that is not short");
  EXPECT_EQ(other, own);
}

TEST(RunCoroutineThreadsafe, ReportsWhetherTheCoroutineHasEnded) {
  Future<void> until;  // a future of the loop, which ends after it
  ForeverThread thread;
  const auto wait = [&]() -> Coroutine<void> {
    until = get_running_loop().create_future<void>();
    co_await until;
  };
  const auto future = run_coroutine_threadsafe(wait(), thread.handle());
  EXPECT_FALSE(future.done());

  const auto end_wait = [&]() -> Coroutine<void> {
    until.set_result();
    co_return;
  };
  run_coroutine_threadsafe(end_wait(), thread.handle()).result();
  future.result();

  EXPECT_TRUE(future.done());
}

TEST(RunCoroutineThreadsafe, ThrowsRuntimeErrorWhenTheLoopIsClosed) {
  std::optional<EventLoop> loop(std::in_place);
  const LoopHandle handle = loop->handle();
  loop->close();

  EXPECT_TRUE(handle.is_closed());
  EXPECT_EQ(throws([&] { (void)run_coroutine_threadsafe(number_after(7, 0s), handle); }),
            "RuntimeError: Event loop is closed");
  loop.reset();
  EXPECT_EQ(throws([&] { (void)run_coroutine_threadsafe(number_after(7, 0s), handle); }),
            "RuntimeError: Event loop is closed");
}

TEST(RunCoroutineThreadsafe, IsCancelledWhenTheLoopClosesBeforeTheCoroutineReachesIt) {
  EventLoop loop;
  const auto future = run_coroutine_threadsafe(number_after(7, 0s), loop.handle());

  loop.close();

  EXPECT_TRUE(future.done());
  EXPECT_EQ(throws([&] { (void)future.result(); }), "CancelledError");
}

TEST(RunCoroutineThreadsafe, IsCancelledWhenTheTaskIsDestroyedWithItsLoop) {
  std::optional<ForeverThread> thread(std::in_place);
  const auto future = run_coroutine_threadsafe(for_ever(), thread->handle());
  std::thread waiting([&] { EXPECT_EQ(throws([&] { future.result(); }), "CancelledError"); });

  thread->stop();
  const test::Reports reports(thread->loop());
  thread.reset();

  waiting.join();
  EXPECT_EQ(reports.texts(), Trace{"Task was destroyed but it is pending!"});
}

TEST(RunCoroutineThreadsafe, IsRefusedByALoopThatAcceptsNoMoreCoroutines) {
  ForeverThread thread;
  const LoopHandle handle = thread.handle();
  Gate stopped;
  handle.call_soon_threadsafe([&] {
    get_running_loop().accept_coroutines(false);
    stopped.open();
  });
  stopped.wait();
  bool ran = false;
  const auto mark = [&]() -> Coroutine<void> {
    ran = true;
    co_return;
  };

  const auto future = run_coroutine_threadsafe(mark(), handle);

  EXPECT_EQ(throws([&] { future.result(); }), "CancelledError");
  EXPECT_FALSE(ran);
}

TEST(RunCoroutineThreadsafe, DestroysTheCoroutineInEveryCase) {
  LiveCount parameters;
  const auto take = [](test::Live /*parameter*/) -> Coroutine<void> { co_return; };
  const auto closed = [] {
    EventLoop loop;
    return loop.handle();
  }();
  {
    ForeverThread thread;
    run_coroutine_threadsafe(take(parameters.make()), thread.handle()).result();
    thread.stop();
    (void)run_coroutine_threadsafe(take(parameters.make()), thread.handle());
    EXPECT_EQ(throws([&] { (void)run_coroutine_threadsafe(take(parameters.make()), closed); }),
              "RuntimeError: Event loop is closed");
  }

  EXPECT_EQ(parameters.alive(), 0);
}

TEST(RunCoroutineThreadsafe, TakesCoroutinesFromManyThreads) {
  const ForeverThread thread;
  std::atomic<int> sum = 0;

  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int k = 0; k < 200; ++k) {
        sum += run_coroutine_threadsafe(number_after(7, 0s), thread.handle()).result();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();

  EXPECT_EQ(sum, 4 * 200 * 7);
}

TEST(RunCoroutineThreadsafe, MayRaceFromManyThreadsWithTheCloseOfItsLoop) {
  LiveCount parameters;
  const auto wait = [](test::Live /*parameter*/, int turns) -> Coroutine<void> {
    co_await test::pass(turns);
  };
  for (int round = 0; round < 20; ++round) {
    std::optional<ForeverThread> thread(std::in_place);
    const LoopHandle handle = thread->handle();
    std::vector<std::thread> callers;
    for (int i = 0; i < 3; ++i) {
      callers.emplace_back([&, handle] {
        // Outlives the error, as in ending_after().
        std::optional<ConcurrentFuture<void>> future;
        const auto ask = [&] {
          for (int turns = 0;; ++turns) {
            future = run_coroutine_threadsafe(wait(parameters.make(), turns), handle);
            future->result();
          }
        };
        EXPECT_NE(throws(ask), "ok");  // CancelledError or RuntimeError
      });
    }
    std::this_thread::sleep_for(std::chrono::microseconds(100 * round));
    thread->stop();
    const test::Reports reports(thread->loop());
    thread.reset();
    for (std::thread& caller : callers) caller.join();
  }

  EXPECT_EQ(parameters.alive(), 0);
}

}  // namespace
}  // namespace asyncio
