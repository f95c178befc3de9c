#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

// Memory-checking builds give every block to the system, so that a use after its end is seen.
#if defined(ASYNCIO_NO_FRAME_POOL) || defined(__SANITIZE_ADDRESS__)
#define ASYNCIO_FRAME_POOL 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define ASYNCIO_FRAME_POOL 0
#endif
#endif
#ifndef ASYNCIO_FRAME_POOL
#define ASYNCIO_FRAME_POOL 1
#endif

namespace asyncio::detail {

/// Free blocks of one thread, by size class: where coroutine frames, tasks and handles live.
///
/// A block may be freed on another thread than it came from: it stays with that thread. Each
/// block came from operator new by itself, so a list can be given back block by block.
class FramePool {
 public:
  static constexpr std::size_t kGranule = 16;
  static constexpr std::size_t kLargest = 1024;         // larger blocks are the system's affair
  static constexpr std::uint32_t kMostPerClass = 8192;  // what a thread keeps of one size

  static constexpr std::size_t rounded(std::size_t size_bytes) noexcept {
    return (size_bytes + kGranule - 1) / kGranule * kGranule;
  }

  void* take(std::size_t size_bytes) {
    const std::size_t index = (size_bytes - 1) / kGranule;
    if (size_bytes <= kLargest && free_[index] != nullptr) [[likely]] {
      Block* block = free_[index];
      free_[index] = block->next;
      --count_[index];
      return block;
    }
    return take_from_system(size_bytes);
  }

  void give(void* memory, std::size_t size_bytes) noexcept {
    const std::size_t index = (size_bytes - 1) / kGranule;
    if (size_bytes <= kLargest && count_[index] < limit_) [[likely]] {
      free_[index] = ::new (memory) Block{free_[index]};
      ++count_[index];
      return;
    }
    ::operator delete(memory);
  }

  /// Gives every block back to the system; from here on nothing is kept.
  void drain() noexcept;

 private:
  struct Block {
    Block* next;
  };
  void* take_from_system(std::size_t size_bytes);

  // Trivially destructible and constant-initialised, so that reaching it needs no guard.
  // limit_ is 0 before the first allocation and after the thread's end.
  std::array<Block*, kLargest / kGranule> free_{};
  std::array<std::uint32_t, kLargest / kGranule> count_{};
  std::uint32_t limit_ = 0;
  bool ended_ = false;
};

extern constinit thread_local FramePool frame_pool;

/// Allocates `size_bytes` > 0 from the calling thread's pool.
///
/// Throws:   std::bad_alloc.
/// Cost:     about 3 ns for a size seen before.
inline void* allocate_frame(std::size_t size_bytes) {
#if ASYNCIO_FRAME_POOL
  return frame_pool.take(size_bytes);
#else
  return ::operator new(FramePool::rounded(size_bytes));
#endif
}

/// Frees what allocate_frame(size_bytes) gave, on any thread.
inline void free_frame(void* memory, std::size_t size_bytes) noexcept {
#if ASYNCIO_FRAME_POOL
  frame_pool.give(memory, size_bytes);
#else
  (void)size_bytes;
  ::operator delete(memory);
#endif
}

/// Base of classes whose objects live in the frame pool. Deleting one through a base class
/// needs a virtual destructor, which then passes the true size.
struct FramePooled {
  static void* operator new(std::size_t size_bytes) { return allocate_frame(size_bytes); }
  static void operator delete(void* memory, std::size_t size_bytes) noexcept {
    free_frame(memory, size_bytes);
  }
  static void* operator new(std::size_t, void* place) noexcept { return place; }
  static void operator delete(void*, void*) noexcept {}
};

}  // namespace asyncio::detail
