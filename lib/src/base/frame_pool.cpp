// How the frame pool works
//
// Coroutine frames, tasks and handles are small, live briefly, and mostly end on the thread that
// made them. So each thread has a pool of its own: take() usually pops a block from a list and
// give() pushes it back, without a lock or an atomic operation.
//
// A slab is 64 KiB of memory at a multiple of 64 KiB. The address of a block, rounded down, is that
// of its slab, so blocks need no headers. All blocks of a slab have one size out of 64 size
// classes: 16, 32, ... 1024 bytes.
//
//     +--------+------+------+------+------+------+-----------------------------------+
//     | header | used | free | used | free | used | fresh: not cut, not yet touched   |
//     +--------+------+------+------+------+------+-----------------------------------+
//
// When no block is free, the fresh memory up to the end of a page is cut into blocks. As blocks are
// taken and come back, the slab moves from list to list:
//
//                  class needs a slab            last free block taken
//   new or spare_ --------------------> current_ ---------------------> full, in no list
//       ^                                  ^                                |
//       | last block comes back            | class needs a slab             | a block comes back
//       +----------------------------- with_room_ <-------------------------+
//
// A spare slab serves any class and is cut anew from its front. So blocks made one after another
// lie side by side, in whatever order the old ones came back. A pool keeps 32 MiB of spare slabs;
// any beyond that are unmapped at once.
//
// A block that is freed on another thread goes back to the pool that it came from. To avoid
// contention, a thread collects up to 32 blocks of one pool in its outbox before it pushes them
// onto that pool's returned_. The owner takes them when it runs out of free blocks.
//
// A pool whose thread ends while blocks are in use becomes an orphan, without spare slabs. A thread
// that frees a block of an orphan puts it back itself, under a mutex; it also unmaps a slab that
// becomes empty and, with the last slab, deletes the pool. A new thread adopts an orphan if it can.

#include <pthread.h>

#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/slab_memory.hpp>
#include <mutex>
#include <new>
#include <utility>

namespace asyncio::detail {

constinit FramePool::Slab FramePool::no_slab;
constinit FramePool::Block FramePool::orphaned{nullptr};
constinit FramePool FramePool::none;
constinit thread_local FramePool* frame_pool = &FramePool::none;

namespace {

// Fresh memory is cut page by page, so that no page is touched before it is needed.
constexpr std::size_t kPageBytes = 4096;

constinit std::mutex orphans_mutex;
constinit FramePool* orphans = nullptr;  // linked by next_orphan_

// Holds the mutex during fork(): in the child, the thread that might hold it does not exist.
void guard_orphans_in_forks() {
  static const int registered = ::pthread_atfork(
      [] { orphans_mutex.lock(); }, [] { orphans_mutex.unlock(); }, [] { orphans_mutex.unlock(); });
  if (registered != 0) throw std::bad_alloc();
}

thread_local bool thread_has_ended = false;

}  // namespace

/// The owner of this thread's pool, from its first block until its end. Thread-local objects that
/// are destroyed later still take and free blocks, but one at a time.
class FramePool::OfThread {
 public:
  OfThread() : pool_(adopt()) { frame_pool = &pool_; }
  OfThread(const OfThread&) = delete;
  OfThread& operator=(const OfThread&) = delete;
  ~OfThread() {
    thread_has_ended = true;
    frame_pool = &none;
    abandon(pool_);
  }

 private:
  FramePool& pool_;
};

void* FramePool::take_slowly(std::size_t index) {
  if (this == &none) return take_without_pool(index);
  if (returned_.load(std::memory_order_relaxed) != nullptr) {
    put_back_all(returned_.exchange(nullptr, std::memory_order_acquire));
  }
  if (current_[index]->free == nullptr && !cut_blocks(*current_[index])) next_slab(index);
  return take((index + 1) * kGranule);
}

void* FramePool::take_without_pool(std::size_t index) {
  const std::size_t size_bytes = (index + 1) * kGranule;
  if (!thread_has_ended) {
    thread_local OfThread of_thread;
    (void)of_thread;  // a use, so that it is constructed
    return frame_pool->take(size_bytes);
  }
  struct Borrowed {
    FramePool& pool = adopt();
    ~Borrowed() { abandon(pool); }
  };
  return Borrowed().pool.take(size_bytes);
}

/// Adds a block of another thread's pool to the outbox.
void FramePool::send_home(void* memory, FramePool& owner) noexcept {
  auto* const block = ::new (memory) Block{nullptr};
  if (this == &none) {
    owner.take_back(block, *block);
    return;
  }
  if (outbox_owner_ != &owner) flush_outbox();
  if (outbox_ == nullptr) outbox_end_ = block;
  outbox_owner_ = &owner;
  block->next = std::exchange(outbox_, block);
  if (++outbox_size_ == kOutboxBlocks) flush_outbox();
}

void FramePool::flush_outbox() noexcept {
  if (outbox_ != nullptr) outbox_owner_->take_back(outbox_, *outbox_end_);
  outbox_ = nullptr;
  outbox_size_ = 0;
}

/// Takes back the blocks from `first` to `last`, on any thread.
void FramePool::take_back(Block* first, Block& last) noexcept {
  if (note_returned(first, last)) return;
  const std::lock_guard lock(orphans_mutex);
  if (note_returned(first, last)) return;  // another thread has adopted the pool meanwhile
  last.next = nullptr;
  put_back_all(first);
  give_spares_back();
  if (slabs_ > 0) return;
  FramePool** link = &orphans;
  while (*link != this) link = &(*link)->next_orphan_;
  *link = next_orphan_;
  delete this;
}

/// Leaves the blocks for the thread of this pool. Returns false if there is none.
bool FramePool::note_returned(Block* first, Block& last) noexcept {
  last.next = returned_.load(std::memory_order_relaxed);
  while (last.next != &orphaned) {
    if (returned_.compare_exchange_weak(last.next, first, std::memory_order_release,
                                        std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

void FramePool::put_back_all(Block* block) noexcept {
  while (block != nullptr) {
    Block* const next = block->next;
    put_back(block, slab_of(block));
    block = next;
  }
}

// --- Slabs ---

/// Cuts fresh memory into free blocks, in address order. Returns false if it is used up.
bool FramePool::cut_blocks(Slab& slab) noexcept {
  if (slab.fresh == nullptr) return false;  // no_slab
  const std::size_t size_bytes = (slab.index + std::size_t{1}) * kGranule;
  const auto front = reinterpret_cast<std::byte*>(&slab);
  const auto used_up = static_cast<std::size_t>(slab.fresh - front);
  if (kSlabBytes - used_up < size_bytes) return false;
  const std::size_t page_end = (used_up + size_bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
  const std::size_t count = (page_end - used_up) / size_bytes;
  for (std::size_t i = count; i > 0; --i) {
    slab.free = ::new (slab.fresh + (i - 1) * size_bytes) Block{slab.free};
  }
  slab.fresh += count * size_bytes;
  return true;
}

/// Replaces the current slab of a class, which is full, with one that has a free block.
void FramePool::next_slab(std::size_t index) {
  Slab* next = with_room_[index];
  if (next != nullptr) {
    unlink(*next);
  } else {
    next = &new_slab(index);
    cut_blocks(*next);
  }
  if (current_[index] != &no_slab) current_[index]->full = true;
  current_[index] = next;
}

FramePool::Slab& FramePool::new_slab(std::size_t index) {
  void* memory = spare_;
  if (memory != nullptr) {
    spare_ = spare_->next;
    --spares_;
  } else {
    memory = map_slab();
    ++slabs_;
  }
  auto* const slab = ::new (memory) Slab;
  slab->owner = this;
  slab->fresh = static_cast<std::byte*>(memory) + rounded(sizeof(Slab));
  slab->index = static_cast<std::uint16_t>(index);
  return *slab;
}

/// Moves a slab to its new list after a block came back: it was full before, or is empty now.
void FramePool::relist(Slab& slab) noexcept {
  if (&slab == current_[slab.index]) return;
  const bool was_full = std::exchange(slab.full, false);
  if (slab.used > 0) {
    link(slab);
    return;
  }
  if (!was_full) unlink(slab);
  retire(slab);
}

void FramePool::retire(Slab& slab) noexcept {
  if (spares_ * kSlabBytes >= kMostSpareBytes && unmap_slab(&slab)) {
    --slabs_;
    return;
  }
  slab.next = spare_;
  spare_ = &slab;
  ++spares_;
}

void FramePool::give_spares_back() noexcept {
  while (spare_ != nullptr) {
    Slab* const next = spare_->next;
    if (!unmap_slab(spare_)) return;
    spare_ = next;
    --spares_;
    --slabs_;
  }
}

void FramePool::link(Slab& slab) noexcept {
  Slab*& first = with_room_[slab.index];
  slab.previous = nullptr;
  slab.next = first;
  if (first != nullptr) first->previous = &slab;
  first = &slab;
}

void FramePool::unlink(Slab& slab) noexcept {
  if (slab.next != nullptr) slab.next->previous = slab.previous;
  (slab.previous != nullptr ? slab.previous->next : with_room_[slab.index]) = slab.next;
}

// --- Threads that begin and end ---

FramePool& FramePool::adopt() {
  guard_orphans_in_forks();
  {
    const std::lock_guard lock(orphans_mutex);
    if (orphans != nullptr) {
      FramePool& pool = *std::exchange(orphans, orphans->next_orphan_);
      pool.returned_.store(nullptr, std::memory_order_relaxed);
      return pool;
    }
  }
  return *new FramePool;
}

/// Ends a thread's use of `pool`.
void FramePool::abandon(FramePool& pool) noexcept {
  pool.flush_outbox();
  const std::lock_guard lock(orphans_mutex);
  pool.put_back_all(pool.returned_.exchange(&orphaned, std::memory_order_acquire));
  pool.leave_current_slabs();
  pool.give_spares_back();
  if (pool.slabs_ == 0) {
    delete &pool;
  } else {
    pool.next_orphan_ = std::exchange(orphans, &pool);
  }
}

void FramePool::leave_current_slabs() noexcept {
  for (Slab*& current : current_) {
    if (current == &no_slab) continue;
    Slab& slab = *std::exchange(current, &no_slab);
    if (slab.used == 0) {
      retire(slab);
    } else if (slab.free != nullptr) {
      link(slab);
    } else {
      slab.full = true;
    }
  }
}

}  // namespace asyncio::detail
