#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

// Memory-checking builds give every block to the system, so that a use after its end is seen. The
// library and who uses it have to agree, so the build says it to both: not what compiles this
// header.
#ifdef ASYNCIO_NO_FRAME_POOL
#define ASYNCIO_FRAME_POOL 0
#else
#define ASYNCIO_FRAME_POOL 1
#endif

namespace asyncio::detail {

/// Free blocks of one thread, by size class: where coroutine frames, tasks and handles live.
///
/// Blocks of a class are cut from slabs, which lie side by side in memory where the
/// system lets them. A slab that is empty
/// starts anew at its front, so that blocks made one after the other lie side by side again, in
/// whatever order others were freed; it can serve any class then. Empty slabs are kept up to
/// kMostSpareBytes, further ones go back to the system at once.
///
/// A block may be freed on any thread, and goes back to the pool that it came from; that is done
/// for up to kOutboxBlocks together, so a thread can hold back one less than that until it ends.
/// The pool sees what came back when it next runs out of free blocks of a page.
///
/// A pool outlives its thread while blocks of it are in use. It keeps no empty slabs then: who
/// brings a slab's last block back gives the slab to the system, and with the last slab the pool
/// ends. The next thread that needs a pool takes one over that is left.
class FramePool {
 public:
  static constexpr std::size_t kGranule = 16;
  static constexpr std::size_t kLargest = 1024;  // larger blocks are the system's affair
  static constexpr std::size_t kSlabBytes = std::size_t{64} * 1024;
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

  /// What it has from the system, in use or not, beside the larger blocks.
  [[nodiscard]] std::size_t reserved_bytes() const noexcept { return slabs_ * kSlabBytes; }

  /// A thread's pool before its first block and after its end: has nothing and keeps nothing.
  static FramePool none;

 private:
  struct Block {
    Block* next;
  };
  /// Stands at the front of its memory, which begins at a multiple of kSlabBytes.
  struct Slab {
    FramePool* owner = nullptr;
    Block* free = nullptr;
    std::byte* fresh = nullptr;  // from here on nothing has been cut
    Slab* next = nullptr;        // in its list: the spare ones, or those of its class with room
    Slab* previous = nullptr;
    std::uint32_t used = 0;  // blocks that are out
    std::uint16_t index = 0;
    bool full = false;  // in no list, until a block comes back
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
      settle(slab);
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
  void settle(Slab& slab) noexcept;
  void retire(Slab& slab) noexcept;
  void give_spares_back() noexcept;
  void link(Slab& slab) noexcept;
  void unlink(Slab& slab) noexcept;

  static FramePool& adopt();
  static void abandon(FramePool& pool) noexcept;
  void leave_current_slabs() noexcept;

  std::array<Slab*, kLargest / kGranule> current_{};    // no_slab in place of null
  std::array<Slab*, kLargest / kGranule> with_room_{};  // the others with a free block
  Slab* spare_ = nullptr;                               // empty ones
  std::size_t spares_ = 0;
  std::size_t slabs_ = 0;  // in all
  // Of another pool: a chain that is passed on when it is long enough, or the next one is of a
  // third.
  FramePool* outbox_owner_ = nullptr;
  Block* outbox_ = nullptr;
  Block* outbox_end_ = nullptr;
  std::uint32_t outbox_size_ = 0;
  std::atomic<Block*> returned_{nullptr};  // by other threads
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

/// Frees what allocate_frame(size_bytes) gave, on any thread.
inline void free_frame(void* memory, std::size_t size_bytes) noexcept {
#if ASYNCIO_FRAME_POOL
  frame_pool->give(memory, size_bytes);
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
