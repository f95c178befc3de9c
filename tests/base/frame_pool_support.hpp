#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include "asyncio/detail/base/frame_pool.hpp"

namespace asyncio::detail {

/// Runs `function` on a new thread, with that thread's pool.
template <class F>
void with_pool_of_new_thread(F function) {
  std::thread thread([&function] {
    frame_pool->give(frame_pool->take(1), 1);  // the first block creates the pool
    function(*frame_pool);
  });
  thread.join();
}

inline std::vector<void*> take_many(FramePool& pool, std::size_t count, std::size_t size_bytes) {
  std::vector<void*> blocks(count);
  for (void*& block : blocks) {
    block = pool.take(size_bytes);
    std::memset(block, 1, size_bytes);
  }
  return blocks;
}

inline void give_all(FramePool& pool, const std::vector<void*>& blocks, std::size_t size_bytes) {
  for (void* const block : blocks) pool.give(block, size_bytes);
}

/// Returns the addresses of the slabs that hold `blocks`.
inline std::set<std::uintptr_t> slabs_of(const std::vector<void*>& blocks) {
  std::set<std::uintptr_t> slabs;
  for (void* const block : blocks) {
    slabs.insert(reinterpret_cast<std::uintptr_t>(block) / FramePool::kSlabBytes *
                 FramePool::kSlabBytes);
  }
  return slabs;
}

/// Counts the slabs that are still mapped into the process.
inline std::size_t count_mapped(const std::set<std::uintptr_t>& slabs) {
  return static_cast<std::size_t>(std::count_if(slabs.begin(), slabs.end(), [](auto slab) {
    return ::msync(reinterpret_cast<void*>(slab), 1, MS_ASYNC) == 0 || errno != ENOMEM;
  }));
}

}  // namespace asyncio::detail
