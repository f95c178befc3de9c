#include "asyncio/base/frame_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace asyncio::detail {
namespace {

/// Runs `function` on a thread of its own, with the pool of that thread.
template <class F>
void with_pool_of_a_thread(F function) {
  std::thread thread([&function] {
    frame_pool->give(frame_pool->take(1), 1);  // it has one from its first block on
    function(*frame_pool);
  });
  thread.join();
}

std::vector<void*> take_many(FramePool& pool, std::size_t count, std::size_t size_bytes) {
  std::vector<void*> blocks(count);
  for (void*& block : blocks) {
    block = pool.take(size_bytes);
    std::memset(block, 1, size_bytes);
  }
  return blocks;
}

void give_all(FramePool& pool, const std::vector<void*>& blocks, std::size_t size_bytes) {
  for (void* const block : blocks) pool.give(block, size_bytes);
}

TEST(FramePool, GivesTheSameBlockAgainForTheSameSizeClass) {
  with_pool_of_a_thread([](FramePool& pool) {
    void* const block = pool.take(33);
    pool.give(block, 33);

    void* const again = pool.take(48);

    EXPECT_EQ(again, block);
    pool.give(again, 48);
  });
}

TEST(FramePool, KeepsSizeClassesApart) {
  with_pool_of_a_thread([](FramePool& pool) {
    void* const small = pool.take(16);
    pool.give(small, 16);

    void* const larger = pool.take(17);

    EXPECT_NE(larger, small);
    std::memset(larger, 0, 32);
    pool.give(larger, 17);
  });
}

TEST(FramePool, GivesBlocksThatSuitAnyType) {
  with_pool_of_a_thread([](FramePool& pool) {
    for (const std::size_t size : {1U, 15U, 16U, 17U, 1023U, 1024U, 1025U, 100'000U}) {
      void* const block = pool.take(size);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
      std::memset(block, 1, size);
      pool.give(block, size);
    }
  });
}

TEST(FramePool, PutsNewBlocksSideBySideHoweverOldOnesWereFreed) {
  with_pool_of_a_thread([](FramePool& pool) {
    constexpr std::size_t kBlocks = 20'000;
    std::vector<void*> blocks = take_many(pool, kBlocks, 64);
    std::shuffle(blocks.begin(), blocks.end(), std::mt19937(1));
    give_all(pool, blocks, 64);

    blocks = take_many(pool, kBlocks, 64);

    std::size_t neighbours = 0;
    for (std::size_t i = 1; i < kBlocks; ++i) {
      if (static_cast<char*>(blocks[i]) == static_cast<char*>(blocks[i - 1]) + 64) ++neighbours;
    }
    EXPECT_GT(neighbours, kBlocks * 9 / 10);
    give_all(pool, blocks, 64);
  });
}

TEST(FramePool, ServesAnyClassFromWhatIsEmpty) {
  with_pool_of_a_thread([](FramePool& pool) {
    give_all(pool, take_many(pool, 20'000, 64), 64);
    const std::size_t reserved = pool.reserved_bytes();

    give_all(pool, take_many(pool, 5'000, 128), 128);

    EXPECT_LE(pool.reserved_bytes(), reserved + FramePool::kSlabBytes);
  });
}

TEST(FramePool, UsesTheGapsInSlabsThatAreInUse) {
  with_pool_of_a_thread([](FramePool& pool) {
    const std::vector<void*> blocks = take_many(pool, 20'000, 64);
    const std::size_t reserved = pool.reserved_bytes();
    for (std::size_t i = 0; i < blocks.size(); i += 2) pool.give(blocks[i], 64);

    const std::vector<void*> fillers = take_many(pool, blocks.size() / 2, 64);

    EXPECT_EQ(pool.reserved_bytes(), reserved);
    give_all(pool, fillers, 64);
    for (std::size_t i = 1; i < blocks.size(); i += 2) pool.give(blocks[i], 64);
  });
}

TEST(FramePool, GivesBackWhatIsMoreThanItMayKeep) {
  with_pool_of_a_thread([](FramePool& pool) {
    constexpr std::size_t kBlocks = FramePool::kMostSpareBytes / FramePool::kLargest * 3 / 2;
    give_all(pool, take_many(pool, kBlocks, FramePool::kLargest), FramePool::kLargest);

    EXPECT_LE(pool.reserved_bytes(), FramePool::kMostSpareBytes + 4 * FramePool::kSlabBytes);
  });
}

TEST(FramePool, GetsBackWhatOtherThreadsFree) {
  with_pool_of_a_thread([](FramePool& pool) {
    std::vector<void*> blocks = take_many(pool, 20'000, 64);
    const std::size_t reserved = pool.reserved_bytes();
    std::thread other([&blocks] { give_all(*frame_pool, blocks, 64); });
    other.join();

    blocks = take_many(pool, blocks.size(), 64);

    EXPECT_EQ(pool.reserved_bytes(), reserved);
    give_all(pool, blocks, 64);
  });
}

TEST(FramePool, IsTakenOverWhenItsThreadEndsWithBlocksInUse) {
  FramePool* first = nullptr;
  std::vector<void*> blocks;
  with_pool_of_a_thread([&](FramePool& pool) {
    first = &pool;
    blocks = take_many(pool, 20'000, 64);
  });

  with_pool_of_a_thread([&](FramePool& pool) {
    EXPECT_EQ(&pool, first);
    const std::size_t reserved = pool.reserved_bytes();
    give_all(pool, blocks, 64);
    give_all(pool, take_many(pool, blocks.size(), 64), 64);
    EXPECT_EQ(pool.reserved_bytes(), reserved);
  });
}

TEST(FramePool, HandsBlocksToAndFroBetweenThreads) {
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

  for (const auto& half : blocks) give_all(*frame_pool, half, 80);
}

TEST(AllocateFrame, TakesBlocksBackOnOtherThreads) {
  std::vector<void*> blocks;
  for (std::size_t i = 0; i < 1000; ++i) {
    blocks.push_back(allocate_frame(100));
    std::memset(blocks.back(), 2, 100);
  }

  std::thread other([&blocks] {
    for (void* const block : blocks) free_frame(block, 100);
    blocks.assign(1, allocate_frame(100));
  });
  other.join();

  free_frame(blocks[0], 100);
}

TEST(AllocateFrame, WorksAtTheEndOfAThread) {
  struct FreesLate {
    void* block = nullptr;
    ~FreesLate() {
      free_frame(block, 200);
      free_frame(allocate_frame(200), 200);
    }
  };

  std::thread thread([] {
    thread_local FreesLate late;  // made before the pool's own end is registered
    late.block = allocate_frame(200);
  });

  thread.join();
}

}  // namespace
}  // namespace asyncio::detail
