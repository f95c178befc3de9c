#include "asyncio/thread/executor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "support/async_test.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::Gate;
using test::throws;
using test::Trace;

/// A function as a work item of a pool.
class Work final : public detail::WorkItem {
 public:
  explicit Work(std::function<void()> function) : function_(std::move(function)) {}
  void work() noexcept override { function_(); }

 private:
  std::function<void()> function_;
};

TEST(ThreadPoolExecutor, HasAsManyThreadsAsPythonByDefault) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());

  const ThreadPoolExecutor pool;

  EXPECT_EQ(pool.max_workers(), std::min<std::size_t>(32, cores + 4));
}

TEST(ThreadPoolExecutor, RefusesACountOfZero) {
  EXPECT_EQ(throws([] { const ThreadPoolExecutor pool(0); }),
            "ValueError: max_workers must be greater than 0");
}

TEST(ThreadPoolExecutor, RunsAsManyFunctionsAtOnceAsItHasThreads) {
  std::barrier all_there(4);
  Work work([&] { all_there.arrive_and_wait(); });

  ThreadPoolExecutor pool(4);
  for (int i = 0; i < 4; ++i) pool.submit(work);
  pool.shutdown(true);  // hangs unless all four run at once
}

TEST(ThreadPoolExecutor, RunsNoMoreFunctionsThanItHasThreads) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<int> runs = 0;
  Work work([&] {
    most = std::max(most.load(), ++running);
    std::this_thread::sleep_for(1ms);
    --running;
    ++runs;
  });

  ThreadPoolExecutor pool(2);
  for (int i = 0; i < 8; ++i) pool.submit(work);
  pool.shutdown(true);

  EXPECT_LE(most, 2);
  EXPECT_EQ(runs, 8);
}

TEST(ThreadPoolExecutor, StartsWorkInTheOrderOfSubmission) {
  Trace trace;
  Work first([&] { trace.push_back("first"); });
  Work second([&] { trace.push_back("second"); });
  Work third([&] { trace.push_back("third"); });

  ThreadPoolExecutor pool(1);
  for (Work* work : {&first, &second, &third}) pool.submit(*work);
  pool.shutdown(true);

  EXPECT_EQ(trace, (Trace{"first", "second", "third"}));
}

TEST(ThreadPoolExecutor, GivesWorkToAnIdleThread) {
  std::set<std::thread::id> threads;
  ThreadPoolExecutor pool(1000);

  int submitted = 0;
  while (submitted < 50 && std::cmp_equal(threads.size(), submitted)) {
    Gate ended;
    Work work([&] {
      threads.insert(std::this_thread::get_id());
      ended.open();
    });
    pool.submit(work);
    ++submitted;
    ended.wait();
    std::this_thread::sleep_for(1ms);  // lets the thread become idle
  }

  EXPECT_LT(threads.size(), submitted);
}

TEST(ThreadPoolExecutor, RefusesWorkAfterShutdown) {
  ThreadPoolExecutor pool(1);
  pool.shutdown(true);
  Work work([] {});

  EXPECT_EQ(throws([&] { pool.submit(work); }),
            "RuntimeError: cannot schedule new futures after shutdown");
}

TEST(ThreadPoolExecutor, WaitsForSubmittedWorkAtShutdown) {
  int runs = 0;
  Work work([&] {
    std::this_thread::sleep_for(1ms);
    ++runs;
  });
  ThreadPoolExecutor pool(1);
  for (int i = 0; i < 3; ++i) pool.submit(work);

  pool.shutdown(true);

  EXPECT_EQ(runs, 3);
}

TEST(ThreadPoolExecutor, LeavesWorkToItsThreadsAtAShutdownWithoutWaiting) {
  Gate gate;
  std::atomic<int> runs = 0;
  Work blocked([&] { gate.wait(); });
  Work behind_it([&] { ++runs; });
  ThreadPoolExecutor pool(1);
  pool.submit(blocked);
  pool.submit(behind_it);

  pool.shutdown(false);

  EXPECT_EQ(runs, 0);
  gate.open();
  EXPECT_TRUE(comes_true([&] { return runs == 1; }));
}

TEST(ThreadPoolExecutor, WaitsForItsWorkWhenDestroyed) {
  int runs = 0;
  Work work([&] {
    std::this_thread::sleep_for(1ms);
    ++runs;
  });

  {
    ThreadPoolExecutor pool(2);
    pool.submit(work);
  }

  EXPECT_EQ(runs, 1);
}

TEST(ThreadPoolExecutor, CanBeDestroyedByItsOwnWork) {
  Gate destroyed;
  auto pool = std::make_unique<ThreadPoolExecutor>(2);
  Work work([&] {
    pool.reset();
    destroyed.open();
  });

  pool->submit(work);

  destroyed.wait();
  EXPECT_EQ(pool, nullptr);
}

TEST(ThreadPoolExecutor, TakesWorkFromManyThreads) {
  std::atomic<int> runs = 0;
  Work work([&] { ++runs; });
  ThreadPoolExecutor pool(3);

  std::vector<std::thread> producers;
  for (int i = 0; i < 4; ++i) {
    producers.emplace_back([&] {
      for (int k = 0; k < 500; ++k) pool.submit(work);
    });
  }
  for (std::thread& producer : producers) producer.join();
  pool.shutdown(true);

  EXPECT_EQ(runs, 2000);
}

}  // namespace
}  // namespace asyncio
