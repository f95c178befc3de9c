#include "asyncio/detail/base/frame_pool.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <utility>
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

/// Where the slabs of the blocks begin.
std::set<std::uintptr_t> slabs_of(const std::vector<void*>& blocks) {
  std::set<std::uintptr_t> slabs;
  for (void* const block : blocks) {
    slabs.insert(reinterpret_cast<std::uintptr_t>(block) / FramePool::kSlabBytes *
                 FramePool::kSlabBytes);
  }
  return slabs;
}

/// How many of them the process still has from the system.
std::size_t count_mapped(const std::set<std::uintptr_t>& slabs) {
  return static_cast<std::size_t>(std::count_if(slabs.begin(), slabs.end(), [](auto slab) {
    return ::msync(reinterpret_cast<void*>(slab), 1, MS_ASYNC) == 0 || errno != ENOMEM;
  }));
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

TEST(FramePool, ReservesOneSlabForTheFirstBlock) {
  with_pool_of_a_thread(
      [](FramePool& pool) { EXPECT_EQ(pool.reserved_bytes(), FramePool::kSlabBytes); });
}

TEST(FramePool, PutsSlabsSideBySide) {
  with_pool_of_a_thread([](FramePool& pool) {
    const std::vector<void*> blocks = take_many(pool, 100'000, 64);

    const std::set<std::uintptr_t> slabs = slabs_of(blocks);
    const auto neighbours = std::count_if(slabs.begin(), slabs.end(), [&](auto slab) {
      return slabs.contains(slab + FramePool::kSlabBytes);
    });

    EXPECT_GT(static_cast<std::size_t>(neighbours), slabs.size() * 8 / 10);
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
    const std::vector<void*> blocks = take_many(pool, kBlocks, FramePool::kLargest);
    const std::set<std::uintptr_t> slabs = slabs_of(blocks);
    give_all(pool, blocks, FramePool::kLargest);

    constexpr std::size_t kMostBytes = FramePool::kMostSpareBytes + 4 * FramePool::kSlabBytes;
    EXPECT_LE(pool.reserved_bytes(), kMostBytes);
    EXPECT_LE(count_mapped(slabs), kMostBytes / FramePool::kSlabBytes);
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

TEST(FramePool, KeepsNoEmptySlabAfterTheEndOfItsThread) {
  constexpr std::size_t kBlocks = 20'000;
  static_assert(kBlocks % FramePool::kOutboxBlocks == 0);
  frame_pool->give(frame_pool->take(64), 64);  // so that this thread has a pool of its own
  std::vector<void*> blocks;
  with_pool_of_a_thread([&](FramePool& pool) { blocks = take_many(pool, kBlocks, 64); });
  const std::set<std::uintptr_t> slabs = slabs_of(blocks);
  const std::vector<void*> half(blocks.begin() + kBlocks / 2, blocks.end());
  blocks.resize(kBlocks / 2);

  give_all(*frame_pool, half, 64);
  EXPECT_LE(count_mapped(slabs), slabs.size() / 2 + 2);
  give_all(*frame_pool, blocks, 64);
  EXPECT_EQ(count_mapped(slabs), 0U);
}

TEST(FramePool, EndsWithItsLastBlockHoweverItsThreadEnds) {
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
  with_pool_of_a_thread([&](FramePool& pool) { give_all(pool, in_use, 400); });

  with_pool_of_a_thread(
      [](FramePool& pool) { EXPECT_EQ(pool.reserved_bytes(), FramePool::kSlabBytes); });
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

  std::thread last([&] {
    for (const auto& half : blocks) give_all(*frame_pool, half, 80);
  });
  last.join();
}

TEST(AllocateFrame, TakesBlocksBackOnOtherThreads) {
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
