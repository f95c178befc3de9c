// The close of a loop on a virtual clock that has workers.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "asyncio/thread/blocking_sleep.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::LiveCount;
using test::throws;
using test::Trace;

/// Calls `function` in a callback and runs the loop until its time is `end`.
template <class F>
void run_until(EventLoop& loop, TimePoint end, F function) {
  loop.call_soon(std::move(function));
  loop.call_at(end, [&loop] { loop.stop(); });
  loop.run_forever();
}

TEST(VirtualTimeScheduler, ReleasesSleepingWorkersWhenTheLoopCloses) {
  LiveCount captures;
  int ended = 0;
  {
    ThreadPoolExecutor pool(3);
    EventLoop loop(test::virtual_clock());
    std::mutex mutex;
    run_until(loop, TimePoint(1s), [&] {
      for (int i = 0; i < 3; ++i) {
        (void)run_in_executor(pool, [&, live = captures.make()] {
          blocking_sleep(10s);
          blocking_sleep(10s);
          const std::lock_guard lock(mutex);
          ++ended;
        });
      }
    });

    loop.close();
    pool.shutdown(true);
  }

  EXPECT_EQ(ended, 3);
  EXPECT_EQ(captures.alive(), 0);
}

TEST(VirtualTimeScheduler, ReleasesWorkersWhoseTurnHasNotComeWhenTheLoopCloses) {
  LiveCount captures;
  for (int round = 0; round < 40; ++round) {
    ThreadPoolExecutor pool(3);
    EventLoop loop(test::virtual_clock());
    loop.call_soon([&] {
      for (int i = 0; i < 3; ++i) (void)run_in_executor(pool, [live = captures.make()] {});
      loop.stop();
    });
    loop.run_forever();

    loop.close();
  }

  EXPECT_EQ(captures.alive(), 0);
}

TEST(VirtualTimeScheduler, DropsWorkThatNoThreadHasTakenWhenTheLoopCloses) {
  LiveCount captures;
  std::atomic<int> begun = 0;
  {
    ThreadPoolExecutor pool(1);
    EventLoop loop(test::virtual_clock());
    run_until(loop, TimePoint(1s), [&] {
      for (int i = 0; i < 3; ++i) {
        (void)run_in_executor(pool, [&, live = captures.make()] {
          ++begun;
          blocking_sleep(10s);
        });
      }
    });

    loop.close();
  }

  EXPECT_EQ(begun, 1);
  EXPECT_EQ(captures.alive(), 0);
}

TEST(VirtualTimeScheduler, ReleasesWorkersThatWaitForTheLoopWhenItCloses) {
  Trace endings;
  {
    ThreadPoolExecutor pool(1);
    EventLoop loop(test::virtual_clock());
    const test::Reports reports(loop);
    run_until(loop, TimePoint(1s), [&] {
      (void)run_in_executor(pool, [&, handle = loop.handle()] {
        const auto future = run_coroutine_threadsafe(test::for_ever(), handle);
        endings.push_back(throws([&] { future.result(); }));
      });
    });

    loop.close();
  }

  EXPECT_EQ(endings, Trace{"CancelledError"});
}

TEST(VirtualTimeScheduler, ReleasesWorkersWhoseCoroutineHasNotReachedTheLoopWhenItCloses) {
  LiveCount captures;
  for (int round = 0; round < 50; ++round) {
    ThreadPoolExecutor pool(2);
    EventLoop loop(test::virtual_clock());
    loop.call_soon([&] {
      for (int i = 0; i < 2; ++i) {
        (void)run_in_executor(pool, [handle = loop.handle(), live = captures.make()] {
          std::optional<ConcurrentFuture<void>> future;  // outlives the error, for ThreadSanitizer
          const auto ask = [&] {
            future = run_coroutine_threadsafe(test::for_ever(), handle);
            future->result();
          };
          EXPECT_NE(throws(ask), "ok");
        });
      }
      loop.call_later(0s, [&] { loop.stop(); });
    });
    const test::Reports reports(loop);
    loop.run_forever();

    loop.close();
  }

  EXPECT_EQ(captures.alive(), 0);
}

TEST(VirtualTimeScheduler, LetsDetachedWorkersOutliveTheLoop) {
  LiveCount captures;
  {
    EventLoop loop(test::virtual_clock());
    run_until(loop, TimePoint(1s), [&] {
      for (int i = 0; i < 3; ++i) {
        (void)run_in_executor([live = captures.make()] { blocking_sleep(10s); });
      }
    });
  }

  EXPECT_TRUE(comes_true([&] { return captures.alive() == 0; }));
}

}  // namespace
}  // namespace asyncio
