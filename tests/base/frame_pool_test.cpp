#include "asyncio/detail/base/frame_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <set>
#include <vector>

#include "base/frame_pool_support.hpp"

namespace asyncio::detail {
namespace {

TEST(FramePool, ReusesAFreedBlockForItsSizeClass) {
  with_pool_of_new_thread([](FramePool& pool) {
    void* const block = pool.take(33);
    pool.give(block, 33);

    void* const again = pool.take(48);

    EXPECT_EQ(again, block);
    pool.give(again, 48);
  });
}

TEST(FramePool, KeepsSizeClassesApart) {
  with_pool_of_new_thread([](FramePool& pool) {
    void* const small = pool.take(16);
    pool.give(small, 16);

    void* const larger = pool.take(17);

    EXPECT_NE(larger, small);
    std::memset(larger, 0, 32);
    pool.give(larger, 17);
  });
}

TEST(FramePool, AlignsBlocksForAnyType) {
  with_pool_of_new_thread([](FramePool& pool) {
    for (const std::size_t size : {1U, 15U, 16U, 17U, 1023U, 1024U, 1025U, 100'000U}) {
      void* const block = pool.take(size);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
      std::memset(block, 1, size);
      pool.give(block, size);
    }
  });
}

TEST(FramePool, PlacesNewBlocksSideBySideAfterFreesInAnyOrder) {
  with_pool_of_new_thread([](FramePool& pool) {
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
  with_pool_of_new_thread(
      [](FramePool& pool) { EXPECT_EQ(pool.reserved_bytes(), FramePool::kSlabBytes); });
}

TEST(FramePool, PlacesSlabsSideBySide) {
  with_pool_of_new_thread([](FramePool& pool) {
    const std::vector<void*> blocks = take_many(pool, 100'000, 64);

    const std::set<std::uintptr_t> slabs = slabs_of(blocks);
    const auto neighbours = std::count_if(slabs.begin(), slabs.end(), [&](auto slab) {
      return slabs.contains(slab + FramePool::kSlabBytes);
    });

    EXPECT_GT(static_cast<std::size_t>(neighbours), slabs.size() * 8 / 10);
    give_all(pool, blocks, 64);
  });
}

TEST(FramePool, ReusesEmptySlabsForAnySizeClass) {
  with_pool_of_new_thread([](FramePool& pool) {
    give_all(pool, take_many(pool, 20'000, 64), 64);
    const std::size_t reserved = pool.reserved_bytes();

    give_all(pool, take_many(pool, 5'000, 128), 128);

    EXPECT_LE(pool.reserved_bytes(), reserved + FramePool::kSlabBytes);
  });
}

TEST(FramePool, FillsTheGapsInSlabsThatAreInUse) {
  with_pool_of_new_thread([](FramePool& pool) {
    const std::vector<void*> blocks = take_many(pool, 20'000, 64);
    const std::size_t reserved = pool.reserved_bytes();
    for (std::size_t i = 0; i < blocks.size(); i += 2) pool.give(blocks[i], 64);

    const std::vector<void*> fillers = take_many(pool, blocks.size() / 2, 64);

    EXPECT_EQ(pool.reserved_bytes(), reserved);
    give_all(pool, fillers, 64);
    for (std::size_t i = 1; i < blocks.size(); i += 2) pool.give(blocks[i], 64);
  });
}

TEST(FramePool, ReturnsMemoryAboveItsLimitToTheSystem) {
  with_pool_of_new_thread([](FramePool& pool) {
    constexpr std::size_t kBlocks = FramePool::kMostSpareBytes / FramePool::kLargest * 3 / 2;
    const std::vector<void*> blocks = take_many(pool, kBlocks, FramePool::kLargest);
    const std::set<std::uintptr_t> slabs = slabs_of(blocks);
    give_all(pool, blocks, FramePool::kLargest);

    constexpr std::size_t kMostBytes = FramePool::kMostSpareBytes + 4 * FramePool::kSlabBytes;
    EXPECT_LE(pool.reserved_bytes(), kMostBytes);
    EXPECT_LE(count_mapped(slabs), kMostBytes / FramePool::kSlabBytes);
  });
}

}  // namespace
}  // namespace asyncio::detail
