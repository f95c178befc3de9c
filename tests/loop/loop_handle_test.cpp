#include "asyncio/loop/loop_handle.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::LiveCount;
using test::throws;
using test::Trace;

TEST(LoopHandle, WakesASleepingLoop) {  // B325
  EventLoop loop;
  std::thread::id ran_on;
  std::thread other([&, handle = loop.handle()] {
    std::this_thread::sleep_for(20ms);
    handle.call_soon_threadsafe([&] {
      ran_on = std::this_thread::get_id();
      loop.stop();
    });
  });

  loop.run_forever();

  other.join();
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST(LoopHandle, KeepsTheOrderOfEachThreadsPosts) {
  constexpr int kThreads = 4;
  constexpr int kPosts = 2000;
  EventLoop loop;
  std::vector<int> last(kThreads, -1);
  int received = 0;
  bool in_order = true;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t, handle = loop.handle()] {
      for (int i = 0; i < kPosts; ++i) {
        handle.call_soon_threadsafe([&, t, i] {
          int& before = last[static_cast<std::size_t>(t)];
          in_order = in_order && before == i - 1;
          before = i;
          if (++received == kThreads * kPosts) loop.stop();
        });
      }
    });
  }

  loop.run_forever();

  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(in_order);
  EXPECT_EQ(received, kThreads * kPosts);
}

TEST(LoopHandle, KeepsTheOrderWithCallSoonOnTheLoopsOwnThread) {  // B326
  EventLoop loop(test::virtual_clock());
  Trace trace;
  loop.call_soon([&] {
    loop.call_soon_threadsafe([&] { trace.push_back("threadsafe"); });
    loop.call_soon([&] { trace.push_back("soon"); });
    loop.call_soon([&] { loop.stop(); });
  });

  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"threadsafe", "soon"}));
}

TEST(LoopHandle, DeliversPostsMadeBeforeTheRun) {
  EventLoop loop(test::virtual_clock());
  Trace trace;
  const LoopHandle handle = loop.handle();
  handle.call_soon_threadsafe([&](const char* text) { trace.emplace_back(text); }, "first");
  handle.call_soon_threadsafe([&](const char* text) { trace.emplace_back(text); }, "second");

  loop.stop();
  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"first", "second"}));
}

TEST(LoopHandle, ReportsAnErrorOfAPostedCallback) {
  EventLoop loop(test::virtual_clock());
  const test::Reports reports(loop);
  loop.handle().call_soon_threadsafe([] { throw std::runtime_error("oops"); });

  loop.stop();
  loop.run_forever();

  EXPECT_EQ(reports.texts(), Trace{"Exception in callback: std::runtime_error: oops"});
}

TEST(LoopHandle, RefusesPostsToAClosedLoopAndDropsTheCallable) {  // B276
  LiveCount count;
  EventLoop loop;
  const LoopHandle handle = loop.handle();
  EXPECT_FALSE(handle.is_closed());

  loop.close();

  EXPECT_TRUE(handle.is_closed());
  EXPECT_EQ(throws([&] { handle.call_soon_threadsafe([live = count.make()] {}); }),
            "RuntimeError: Event loop is closed");
  EXPECT_EQ(throws([&] { loop.call_soon_threadsafe([] {}); }),
            "RuntimeError: Event loop is closed");
  EXPECT_EQ(count.alive(), 0);
}

TEST(LoopHandle, OutlivesItsLoop) {
  std::optional<LoopHandle> handle;
  {
    EventLoop loop;
    handle = loop.handle();
  }

  EXPECT_TRUE(handle->is_closed());
  EXPECT_THROW(handle->call_soon_threadsafe([] {}), RuntimeError);
}

TEST(LoopHandle, DropsPostsThatNeverRan) {
  LiveCount count;
  {
    EventLoop loop;
    for (int i = 0; i < 3; ++i) loop.handle().call_soon_threadsafe([live = count.make()] {});
    EXPECT_EQ(count.alive(), 3);
  }

  EXPECT_EQ(count.alive(), 0);
}

TEST(LoopHandle, LosesNoPostAndLeaksNoneInARaceWithClose) {
  for (int round = 0; round < 50; ++round) {
    LiveCount count;
    std::atomic<int> refused{0};
    std::atomic<bool> started{false};
    int run = 0;
    auto loop = std::make_unique<EventLoop>();
    std::vector<std::thread> threads;
    for (int t = 0; t < 2; ++t) {
      threads.emplace_back([&, handle = loop->handle()] {
        started = true;
        for (int i = 0; i < 200; ++i) {
          try {
            handle.call_soon_threadsafe([&run, live = count.make()] { ++run; });
          } catch (const RuntimeError&) {
            ++refused;
          }
        }
      });
    }
    while (!started) std::this_thread::yield();
    loop->stop();
    loop->run_forever();

    loop.reset();

    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(count.alive(), 0);
    EXPECT_LE(run + refused, 400);
  }
}

}  // namespace
}  // namespace asyncio
