#pragma once

#include <array>
#include <asyncio/detail/base/slab_memory.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

// Builds that check memory bypass the pool, so that they see a use after free. The library and its
// users must agree on this, so the build system defines the macro for both. A test for the
// compiler's own macros would see the settings of one of them only.
#ifdef ASYNCIO_NO_FRAME_POOL
#define ASYNCIO_FRAME_POOL 0
#else
#define ASYNCIO_FRAME_POOL 1
#endif

namespace asyncio::detail {

/// The free blocks of one thread, for coroutine frames, tasks and handles. The comment at the top
/// of frame_pool.cpp explains how it works.
///
/// Thread:   its own thread takes blocks; any thread may free them, through its own pool.
/// Lifetime: a pool outlives its thread while blocks are in use.
/// Cost:     a pool keeps up to kMostSpareBytes of empty slabs. A thread can hold back up to
///           kOutboxBlocks - 1 blocks of another pool until it ends.
class FramePool {
 public:
  static constexpr std::size_t kGranule = 16;
  static constexpr std::size_t kLargest = 1024;  // larger blocks come from operator new
  static constexpr std::size_t kSlabBytes = detail::kSlabBytes;
  static constexpr std::size_t kMostSpareBytes = std::size_t{32} * 1024 * 1024;
  static constexpr std::uint32_t kOutboxBlocks = 32;

  constexpr FramePool() noexcept { current_.fill(&no_slab); }
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;

  static constexpr std::size_t rounded(std::size_t size_bytes) noexcept {
    return (size_bytes + kGranule - 1) / kGranule * kGranule;
  }

  void* take(std::size_t size_bytes) {
    if (size_bytes > kLargest) [[unlikely]]
      return ::operator new(size_bytes);
    const std::size_t index = (size_bytes - 1) / kGranule;
    Slab& slab = *current_[index];
    Block* const block = slab.free;
    if (block == nullptr) [[unlikely]]
      return take_slowly(index);
    slab.free = block->next;
    ++slab.used;
    return block;
  }

  void give(void* memory, std::size_t size_bytes) noexcept {
    if (size_bytes > kLargest) [[unlikely]] {
      ::operator delete(memory);
    } else if (Slab& slab = slab_of(memory); slab.owner == this) [[likely]] {
      put_back(memory, slab);
    } else {
      send_home(memory, *slab.owner);
    }
  }

  /// Returns the memory that the pool has for its slabs, in use or not. Larger blocks do not count.
  [[nodiscard]] std::size_t reserved_bytes() const noexcept { return slabs_ * kSlabBytes; }

  /// A placeholder for the pool of a thread before its first block and after its end. It has no
  /// slabs.
  static FramePool none;

 private:
  struct Block {
    Block* next;
  };
  /// The header at the start of a slab's memory.
  struct Slab {
    FramePool* owner = nullptr;
    Block* free = nullptr;
    std::byte* fresh = nullptr;  // memory from here on has not been cut yet
    Slab* next = nullptr;        // in spare_ or with_room_
    Slab* previous = nullptr;
    std::uint32_t used = 0;  // blocks in use
    std::uint16_t index = 0;
    bool full = false;  // has no free block, and is in no list
  };
  class OfThread;
  static Slab no_slab;
  static Block orphaned;  // in returned_: the pool has no thread

  static Slab& slab_of(void* memory) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    return *reinterpret_cast<Slab*>(address & ~std::uintptr_t{kSlabBytes - 1});
  }
  void put_back(void* memory, Slab& slab) noexcept {
    slab.free = ::new (memory) Block{slab.free};
    if (--slab.used == 0 || slab.full) [[unlikely]]
      relist(slab);
  }

  void* take_slowly(std::size_t index);
  static void* take_without_pool(std::size_t index);
  void send_home(void* memory, FramePool& owner) noexcept;
  void flush_outbox() noexcept;
  void take_back(Block* first, Block& last) noexcept;
  bool note_returned(Block* first, Block& last) noexcept;
  void put_back_all(Block* block) noexcept;
  static bool cut_blocks(Slab& slab) noexcept;
  void next_slab(std::size_t index);
  Slab& new_slab(std::size_t index);
  void relist(Slab& slab) noexcept;
  void retire(Slab& slab) noexcept;
  void give_spares_back() noexcept;
  void link(Slab& slab) noexcept;
  void unlink(Slab& slab) noexcept;

  static FramePool& adopt();
  static void abandon(FramePool& pool) noexcept;
  void leave_current_slabs() noexcept;

  std::array<Slab*, kLargest / kGranule> current_{};    // no_slab instead of null
  std::array<Slab*, kLargest / kGranule> with_room_{};  // other slabs with a free block
  Slab* spare_ = nullptr;                               // empty slabs, for any class
  std::size_t spares_ = 0;
  std::size_t slabs_ = 0;  // including those in spare_
  // Freed blocks of another pool, as a chain.
  FramePool* outbox_owner_ = nullptr;
  Block* outbox_ = nullptr;
  Block* outbox_end_ = nullptr;
  std::uint32_t outbox_size_ = 0;
  std::atomic<Block*> returned_{nullptr};  // freed by other threads
  FramePool* next_orphan_ = nullptr;
};

extern constinit thread_local FramePool* frame_pool;

/// Allocates `size_bytes` > 0 from the calling thread's pool.
///
/// Throws:   std::bad_alloc.
/// Cost:     about 2 ns.
inline void* allocate_frame(std::size_t size_bytes) {
#if ASYNCIO_FRAME_POOL
  return frame_pool->take(size_bytes);
#else
  return ::operator new(FramePool::rounded(size_bytes));
#endif
}

/// Frees a block from allocate_frame(size_bytes), on any thread.
inline void free_frame(void* memory, std::size_t size_bytes) noexcept {
#if ASYNCIO_FRAME_POOL
  frame_pool->give(memory, size_bytes);
#else
  (void)size_bytes;
  ::operator delete(memory);
#endif
}

/// The base of classes whose objects live in the frame pool. Deleting an object through a base
/// class needs a virtual destructor, which then passes the true size.
struct FramePooled {
  static void* operator new(std::size_t size_bytes) { return allocate_frame(size_bytes); }
  static void operator delete(void* memory, std::size_t size_bytes) noexcept {
    free_frame(memory, size_bytes);
  }
  static void* operator new(std::size_t, void* place) noexcept { return place; }
  static void operator delete(void*, void*) noexcept {}
};

}  // namespace asyncio::detail
