// Frame pools whose blocks move between threads, and pools that outlive their threads.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "asyncio/detail/base/frame_pool.hpp"
#include "base/frame_pool_support.hpp"

namespace asyncio::detail {
namespace {

TEST(FramePool, ReusesBlocksThatOtherThreadsFreed) {
  with_pool_of_new_thread([](FramePool& pool) {
    std::vector<void*> blocks = take_many(pool, 20'000, 64);
    const std::size_t reserved = pool.reserved_bytes();
    std::thread other([&blocks] { give_all(*frame_pool, blocks, 64); });
    other.join();

    blocks = take_many(pool, blocks.size(), 64);

    EXPECT_EQ(pool.reserved_bytes(), reserved);
    give_all(pool, blocks, 64);
  });
}

TEST(FramePool, PassesToANewThreadIfItsOwnEndsWithBlocksInUse) {
  FramePool* first = nullptr;
  std::vector<void*> blocks;
  with_pool_of_new_thread([&](FramePool& pool) {
    first = &pool;
    blocks = take_many(pool, 20'000, 64);
  });

  with_pool_of_new_thread([&](FramePool& pool) {
    EXPECT_EQ(&pool, first);
    const std::size_t reserved = pool.reserved_bytes();
    give_all(pool, blocks, 64);
    give_all(pool, take_many(pool, blocks.size(), 64), 64);
    EXPECT_EQ(pool.reserved_bytes(), reserved);
  });
}

TEST(FramePool, KeepsNoEmptySlabAfterItsThreadEnds) {
  constexpr std::size_t kBlocks = 20'000;
  static_assert(kBlocks % FramePool::kOutboxBlocks == 0);
  frame_pool->give(frame_pool->take(64), 64);  // gives this thread a pool
  std::vector<void*> blocks;
  with_pool_of_new_thread([&](FramePool& pool) { blocks = take_many(pool, kBlocks, 64); });
  const std::set<std::uintptr_t> slabs = slabs_of(blocks);
  const std::vector<void*> half(blocks.begin() + kBlocks / 2, blocks.end());
  blocks.resize(kBlocks / 2);

  give_all(*frame_pool, half, 64);
  EXPECT_LE(count_mapped(slabs), slabs.size() / 2 + 2);
  give_all(*frame_pool, blocks, 64);
  EXPECT_EQ(count_mapped(slabs), 0U);
}

TEST(FramePool, EndsWithItsLastBlockIfItsThreadEndsEarlier) {
  constexpr int kThreads = 8;
  std::mutex mutex;
  std::vector<void*> in_use;
  const auto swap_blocks = [&] {
    for (int round = 0; round < 20; ++round) {
      std::vector<void*> mine = take_many(*frame_pool, 200, 400);
      {
        const std::lock_guard lock(mutex);
        std::swap(mine, in_use);
      }
      give_all(*frame_pool, mine, 400);
    }
  };

  for (int i = 0; i < 10; ++i) {
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int k = 0; k < kThreads; ++k) threads.emplace_back(swap_blocks);
    for (std::thread& thread : threads) thread.join();
  }
  with_pool_of_new_thread([&](FramePool& pool) { give_all(pool, in_use, 400); });

  with_pool_of_new_thread(
      [](FramePool& pool) { EXPECT_EQ(pool.reserved_bytes(), FramePool::kSlabBytes); });
}

TEST(FramePool, HandsBlocksBackAndForthBetweenThreads) {
  constexpr int kRounds = 200;
  std::vector<void*> blocks[2];
  for (auto& half : blocks) half = std::vector<void*>(500);
  const auto refill = [](std::vector<void*>& half) {
    for (void*& block : half) {
      if (block != nullptr) frame_pool->give(block, 80);
      block = frame_pool->take(80);
      std::memset(block, 3, 80);
    }
  };

  for (int i = 0; i < kRounds; ++i) {
    std::thread one([&] { refill(blocks[i % 2]); });
    std::thread two([&] { refill(blocks[1 - i % 2]); });
    one.join();
    two.join();
  }

  std::thread last([&] {
    for (const auto& half : blocks) give_all(*frame_pool, half, 80);
  });
  last.join();
}

TEST(AllocateFrame, AllowsItsBlocksToBeFreedOnOtherThreads) {
  std::vector<void*> blocks;
  for (std::size_t i = 0; i < 1000; ++i) {
    blocks.push_back(allocate_frame(100));
    std::memset(blocks.back(), 2, 100);
  }

  std::thread other([&blocks] {
    for (void* const block : blocks) free_frame(block, 100);
    blocks.assign(FramePool::kOutboxBlocks, nullptr);
    for (void*& block : blocks) block = allocate_frame(100);
  });
  other.join();

  for (void* const block : blocks) free_frame(block, 100);
}

TEST(AllocateFrame, WorksWhileAThreadEnds) {
  struct FreesLate {
    void* block = nullptr;
    ~FreesLate() {
      free_frame(block, 200);
      free_frame(allocate_frame(200), 200);
    }
  };

  std::thread thread([] {
    thread_local FreesLate late;  // constructed before the pool, so destroyed after it
    late.block = allocate_frame(200);
  });

  thread.join();
}

}  // namespace
}  // namespace asyncio::detail
