// Long loops and deep chains of awaits, and coroutines that are destroyed at any suspension.

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "asyncio/task/coroutine.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::Live;
using test::LiveCount;

Coroutine<int> one() {
  co_return 1;
}
Coroutine<void> take(Live /*live*/) {
  co_return;
}

ASYNC_TEST(Coroutine, AwaitsAMillionChildrenInConstantStack) {
  long sum = 0;

  for (int i = 0; i < 1'000'000; ++i) sum += co_await one();

  EXPECT_EQ(sum, 1'000'000);
}

ASYNC_TEST(Coroutine, AwaitsAMillionSuspendingChildrenInConstantStack) {
  long sum = 0;

  for (int i = 0; i < 1'000'000; ++i) sum += co_await test::number_after(1, 0s);

  EXPECT_EQ(sum, 1'000'000);
}

// Starting and destroying a chain takes native stack for each level: about 50 to 700 bytes of the
// usual 8 MiB, or a kilobyte with clang's address sanitizer.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASYNCIO_FRAMES_ARE_LARGE 1
#endif
#endif
#ifdef ASYNCIO_FRAMES_ARE_LARGE
constexpr int kDeep = 5'000;
#else
constexpr int kDeep = 10'000;
#endif

Coroutine<int> deep(int depth, Live live, bool suspend) {
  if (depth == 0) {
    if (suspend) co_await sleep(1s);
    co_return 0;
  }
  co_return 1 + co_await deep(depth - 1, live, suspend);
}

ASYNC_TEST(Coroutine, CompletesAVeryDeepChain) {
  LiveCount count;

  const int at_once = co_await deep(kDeep, count.make(), false);
  const int later = co_await deep(kDeep, count.make(), true);

  EXPECT_EQ(at_once, kDeep);
  EXPECT_EQ(later, kDeep);
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Coroutine, CancelsAVeryDeepChain) {
  LiveCount count;
  const Task<int> task = create_task(deep(kDeep, count.make(), true));
  co_await sleep(0s);

  task.cancel("deep");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: deep");
  EXPECT_EQ(count.alive(), 0);
}

TEST(Coroutine, DestroysAVeryDeepSuspendedChain) {
  LiveCount count;
  EventLoop loop(test::virtual_clock());
  const test::Reports reports(loop);
  loop.create_task(deep(kDeep, count.make(), true));
  loop.stop();
  loop.run_forever();
  EXPECT_GT(count.alive(), kDeep);

  loop.close();

  EXPECT_EQ(count.alive(), 0);
}

Coroutine<void> hold_for_ever(Live live) {
  const Live local = live;
  co_await test::for_ever();
}
Coroutine<void> many_points(LiveCount& count, std::vector<Future<void>>& gates) {
  const Live first = count.make();
  co_await gates[0];
  {
    const Live inner = count.make();
    co_await sleep(0s);
    co_await take(count.make());
    try {
      const Live guarded = count.make();
      co_await gates[1];
      throw std::runtime_error("to the handler");
    } catch (const std::runtime_error&) {
    }
  }
  for (int i = 0; i < 2; ++i) {
    const Live looped = count.make();
    co_await sleep(1s);
  }
  const auto task = create_task(hold_for_ever(count.make()));
  co_await hold_for_ever(count.make());
}

TEST(Coroutine, CanBeDestroyedAtEachSuspension) {
  for (int turns = 0; turns < 14; ++turns) {
    LiveCount count;
    {
      EventLoop loop(test::virtual_clock());
      const test::Reports reports(loop);
      std::vector<Future<void>> gates;
      for (int i = 0; i < 2; ++i) gates.push_back(loop.create_future<void>());
      loop.create_task(many_points(count, gates));
      for (int turn = 0; turn < turns; ++turn) {
        if (turn == 3) gates[0].set_result();
        if (turn == 6) gates[1].set_result();
        if (turn >= 9) loop.call_later(500ms, [&] { loop.stop(); });
        if (turn < 9) loop.stop();
        loop.run_forever();
      }
    }
    EXPECT_EQ(count.alive(), 0) << "after " << turns << " turns";
  }
}

}  // namespace
}  // namespace asyncio
