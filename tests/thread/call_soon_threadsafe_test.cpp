#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "asyncio/thread/threadsafe.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ForeverThread;
using test::LiveCount;
using test::throws;

TEST(CallSoonThreadsafe, KeepsTheOrderOfEachOfManyThreads) {  // B325
  constexpr int kThreads = 4;
  constexpr int kCalls = 20'000;
  std::vector<int> next(kThreads, 0);
  int out_of_order = 0;
  {
    ForeverThread thread;
    std::vector<std::thread> producers;
    for (std::size_t producer = 0; producer < kThreads; ++producer) {
      producers.emplace_back([&, producer, handle = thread.handle()] {
        for (int i = 0; i < kCalls; ++i) {
          handle.call_soon_threadsafe([&next, &out_of_order, producer, i] {
            if (next[producer]++ != i) ++out_of_order;
          });
        }
      });
    }
    for (std::thread& producer : producers) producer.join();
  }

  EXPECT_EQ(out_of_order, 0);
  EXPECT_EQ(next, std::vector<int>(kThreads, kCalls));
}

/// Counts the posted calls that were made, and those that were dropped.
struct Fates {
  std::atomic<int> called = 0;
  std::atomic<int> dropped = 0;
};

class Call {
 public:
  explicit Call(Fates& fates) noexcept : fates_(&fates) {}
  Call(Call&& other) noexcept : fates_(std::exchange(other.fates_, nullptr)) {}
  Call& operator=(Call&&) = delete;
  ~Call() {
    if (fates_ != nullptr) ++fates_->dropped;
  }
  void operator()() { ++std::exchange(fates_, nullptr)->called; }

 private:
  Fates* fates_;
};

/// Runs `loop` repeatedly while eight threads post to it, and closes it after `most` calls or more.
void post_from_eight_threads(EventLoop& loop, int calls_of_each, int most, Fates& fates) {
  std::vector<std::thread> producers;
  for (int i = 0; i < 8; ++i) {
    producers.emplace_back([&fates, calls_of_each, handle = loop.handle()] {
      for (int call = 0; call < calls_of_each; ++call) {
        (void)throws([&] { handle.call_soon_threadsafe(Call(fates)); });
      }
    });
  }
  while (fates.called < most) {
    loop.call_later(50us, [&] { loop.stop(); });
    loop.run_forever();
  }
  loop.close();
  for (std::thread& producer : producers) producer.join();
}

TEST(CallSoonThreadsafe, LosesNoneOfAMillionCallsFromEightThreads) {
  constexpr int kRounds = 10;
  constexpr int kCallsOfEach = 1'000'000 / kRounds / 8;
  for (int round = 0; round < kRounds; ++round) {
    Fates fates;
    EventLoop loop;
    if (round % 2 == 0) {
      post_from_eight_threads(loop, kCallsOfEach, 8 * kCallsOfEach, fates);
      EXPECT_EQ(fates.called, 8 * kCallsOfEach);
      EXPECT_EQ(fates.dropped, 0);
    } else {
      post_from_eight_threads(loop, kCallsOfEach, kCallsOfEach, fates);
      EXPECT_EQ(fates.called + fates.dropped, 8 * kCallsOfEach);
    }
  }
}

TEST(CallSoonThreadsafe, MayRaceWithTheEndsOfRunsAndTheClose) {
  LiveCount captures;
  std::atomic<int> calls = 0;
  for (int round = 0; round < 5; ++round) {
    EventLoop loop;
    std::vector<std::thread> producers;
    for (int i = 0; i < 3; ++i) {
      producers.emplace_back([&, handle = loop.handle()] {
        const auto post = [&] {
          for (int posted = 0;; ++posted) {
            handle.call_soon_threadsafe([&calls, live = captures.make()] { ++calls; });
            if (posted % 8 == 0) std::this_thread::sleep_for(50us);  // lets the loop keep up
          }
        };
        EXPECT_EQ(throws(post), "RuntimeError: Event loop is closed");
      });
    }
    for (int run = 0; run < 20; ++run) {
      loop.call_later(50us, [&] { loop.stop(); });
      loop.run_forever();
    }
    loop.close();
    for (std::thread& producer : producers) producer.join();
  }

  EXPECT_GT(calls, 0);
  EXPECT_EQ(captures.alive(), 0);
}

}  // namespace
}  // namespace asyncio
