#include "asyncio/base/frame_pool.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

namespace asyncio::detail {
namespace {

/// Runs `function` on a thread of its own, whose pool is fresh and ends with it.
template <class F>
void with_fresh_pool(F function) {
  std::thread thread([&function] { function(frame_pool); });
  thread.join();
}

TEST(FramePool, GivesTheSameBlockAgainForTheSameSizeClass) {
  with_fresh_pool([](FramePool& pool) {
    void* const block = pool.take(33);
    pool.give(block, 33);

    void* const again = pool.take(48);

    EXPECT_EQ(again, block);
    pool.give(again, 48);
  });
}

TEST(FramePool, KeepsSizeClassesApart) {
  with_fresh_pool([](FramePool& pool) {
    void* const small = pool.take(16);
    pool.give(small, 16);

    void* const larger = pool.take(17);

    EXPECT_NE(larger, small);
    std::memset(larger, 0, 32);
    pool.give(larger, 17);
  });
}

TEST(FramePool, GivesBlocksThatSuitAnyType) {
  with_fresh_pool([](FramePool& pool) {
    for (const std::size_t size : {1U, 15U, 16U, 17U, 1023U, 1024U, 1025U, 100'000U}) {
      void* const block = pool.take(size);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0U);
      std::memset(block, 1, size);
      pool.give(block, size);
    }
  });
}

TEST(FramePool, KeepsNothingAfterItsDrain) {
  with_fresh_pool([](FramePool& pool) {
    pool.give(pool.take(64), 64);
    pool.drain();

    void* const block = pool.take(64);
    pool.give(block, 64);  // to the system: nothing leaks
  });
}

TEST(FramePool, KeepsALimitedNumberOfBlocks) {
  with_fresh_pool([](FramePool& pool) {
    std::vector<void*> blocks(FramePool::kMostPerClass + 100);
    for (void*& block : blocks) block = pool.take(64);

    for (void* const block : blocks) pool.give(block, 64);
  });
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
