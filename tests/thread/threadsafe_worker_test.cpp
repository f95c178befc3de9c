// run_coroutine_threadsafe() from a worker of a loop.

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "asyncio/thread/threadsafe.hpp"
#include "support/async_test.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail;
using test::ForeverThread;
using test::number_after;
using test::run_real;
using test::Trace;

Coroutine<void> asks_from_a_worker() {
  const LoopHandle handle = get_running_loop().handle();

  const int value = co_await to_thread(
      [&] { return run_coroutine_threadsafe(number_after(7, 0s), handle).result(); });

  EXPECT_EQ(value, 7);
}

TEST(RunCoroutineThreadsafe, ReturnsTheValueToAWorker) {
  run_real(asks_from_a_worker());
}

TEST(RunCoroutineThreadsafe, ReturnsTheValueToAWorkerOnAVirtualClock) {
  test::run_virtual(asks_from_a_worker());
}

Coroutine<void> fails_for_a_worker() {
  const LoopHandle handle = get_running_loop().handle();

  auto asking = to_thread([&] { run_coroutine_threadsafe(fail("no luck"), handle).result(); });

  EXPECT_EQ(co_await ending_of(std::move(asking)), "std::runtime_error: no luck");
}

TEST(RunCoroutineThreadsafe, ThrowsTheErrorInAWorker) {
  run_real(fails_for_a_worker());
}

TEST(RunCoroutineThreadsafe, ThrowsTheErrorInAWorkerOnAVirtualClock) {
  test::run_virtual(fails_for_a_worker());
}

ASYNC_TEST(RunCoroutineThreadsafe, LetsTheCoroutineUseThreads) {
  const LoopHandle handle = get_running_loop().handle();
  const auto nested = [](LoopHandle loop) -> Coroutine<int> {
    co_return co_await to_thread(
        [&] { return run_coroutine_threadsafe(number_after(7, 0s), loop).result(); });
  };

  const int value =
      co_await to_thread([&] { return run_coroutine_threadsafe(nested(handle), handle).result(); });

  EXPECT_EQ(value, 7);
}

Coroutine<void> ends_while_a_worker_asks(Trace* trace) {
  const LoopHandle handle = get_running_loop().handle();
  (void)run_in_executor([handle, trace] {
    for (;;) {
      try {
        run_coroutine_threadsafe(sleep(1ms, 0), handle).result();
      } catch (const CancelledError&) {
        trace->push_back("cancelled");
        return;
      }
    }
  });
  co_await sleep(5ms);
}

TEST(RunCoroutineThreadsafe, IsRefusedByARunThatHasEnded) {
  Trace trace;

  run_real(ends_while_a_worker_asks(&trace));

  EXPECT_EQ(trace, Trace{"cancelled"});
}

TEST(RunCoroutineThreadsafe, IsRefusedByARunThatHasEndedOnAVirtualClock) {
  Trace trace;

  test::run_virtual(ends_while_a_worker_asks(&trace));

  EXPECT_EQ(trace, Trace{"cancelled"});
}

ASYNC_TEST(RunCoroutineThreadsafe, ReachesAnotherLoopFromAWorkerOfAVirtualClock) {
  const ForeverThread other;
  const auto answer_later = []() -> Coroutine<int> { co_return co_await sleep(2ms, 7); };

  std::vector<Coroutine<int>> asking;
  for (int i = 0; i < 4; ++i) {
    asking.push_back(to_thread(
        [&] { return run_coroutine_threadsafe(answer_later(), other.handle()).result(); }));
  }
  const std::vector<int> values = co_await gather(std::move(asking));

  EXPECT_EQ(values, std::vector<int>(4, 7));
  EXPECT_EQ(test::now_ms(), 0);
}

}  // namespace
}  // namespace asyncio
