#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <asyncio/detail/base/frame_pool.hpp>
#include <mutex>
#include <utility>

namespace asyncio::detail {

constinit FramePool::Slab FramePool::no_slab;
constinit FramePool::Block FramePool::orphaned{nullptr};
constinit FramePool FramePool::none;
constinit thread_local FramePool* frame_pool = &FramePool::none;

namespace {

// Of a slab's fresh memory the rest of such a page is touched at a time, or of the next one too if
// a block reaches into that.
constexpr std::size_t kPageBytes = 4096;

constinit std::mutex orphans_mutex;
constinit FramePool* orphans = nullptr;  // pools of threads that have ended, with slabs left

// A child process has none of the threads that may have held the mutex.
void guard_orphans_in_forks() {
  static const int registered = ::pthread_atfork(
      [] { orphans_mutex.lock(); }, [] { orphans_mutex.unlock(); }, [] { orphans_mutex.unlock(); });
  if (registered != 0) throw std::bad_alloc();
}

thread_local bool thread_has_ended = false;

// --- Memory from the system ---

// Where the next slab would lie side by side with others; 0: nowhere yet.
constinit std::atomic<std::uintptr_t> wished_place{0};

std::uintptr_t map_memory(std::uintptr_t wish, std::size_t size_bytes) {
  void* const memory = ::mmap(reinterpret_cast<void*>(wish), size_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return reinterpret_cast<std::uintptr_t>(memory);
}

/// False if the system has no room to note one more gap.
bool unmap_memory(std::uintptr_t begin, std::uintptr_t end) noexcept {
  return begin == end || ::munmap(reinterpret_cast<void*>(begin), end - begin) == 0;
}

/// Not from malloc, which puts 8 KiB of its own between aligned blocks. Neighbours are one mapping
/// to the system, of which any part can be given back.
std::uintptr_t map_slab() {
  constexpr std::size_t kSize = FramePool::kSlabBytes;
  const std::uintptr_t wish = wished_place.load(std::memory_order_relaxed);
  if (wish != 0) {
    const std::uintptr_t slab = map_memory(wish, kSize);
    if (slab % kSize == 0) return slab;
    // Where that fails, here and below, nothing is lost but address space.
    (void)unmap_memory(slab, slab + kSize);
  }
  const std::uintptr_t begin = map_memory(0, 2 * kSize);
  const std::uintptr_t end = begin + 2 * kSize;
  const std::uintptr_t slab = end / kSize * kSize - kSize;
  (void)unmap_memory(begin, slab);
  (void)unmap_memory(slab + kSize, end);
  return slab;
}

/// Downwards, as the system itself goes on.
void* take_slab_memory() {
  const std::uintptr_t slab = map_slab();
  wished_place.store(slab - FramePool::kSlabBytes, std::memory_order_relaxed);
  return reinterpret_cast<void*>(slab);
}

[[nodiscard]] bool give_slab_memory(void* memory) noexcept {
  const auto slab = reinterpret_cast<std::uintptr_t>(memory);
  if (!unmap_memory(slab, slab + FramePool::kSlabBytes)) return false;
  wished_place.store(slab, std::memory_order_relaxed);
  return true;
}

}  // namespace

/// This thread's pool, from its first block until the end of the thread. Blocks that other
/// thread-local objects take or free later still are dealt with one by one.
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
    (void)of_thread;  // named so that it is constructed
    return frame_pool->take(size_bytes);
  }
  struct Borrowed {
    FramePool& pool = adopt();
    ~Borrowed() { abandon(pool); }
  };
  return Borrowed().pool.take(size_bytes);
}

/// Passes on a block of another thread's pool: not one by one, for that is where threads meet.
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

/// Takes the blocks from `first` to `last`, on any thread. An orphan has nobody to collect them
/// later.
void FramePool::take_back(Block* first, Block& last) noexcept {
  if (note_returned(first, last)) return;
  const std::lock_guard lock(orphans_mutex);
  if (note_returned(first, last)) return;  // a thread has taken it over meanwhile
  last.next = nullptr;
  put_back_all(first);
  give_spares_back();
  if (slabs_ > 0) return;
  FramePool** link = &orphans;
  while (*link != this) link = &(*link)->next_orphan_;
  *link = next_orphan_;
  delete this;
}

/// Leaves them for this pool's thread; false if it has none.
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

/// Makes free blocks of the rest of a page of fresh memory, in the order of their addresses; false
/// if there is none left.
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

/// Gives the class a current slab with a free block, in place of one that is full.
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
    memory = take_slab_memory();
    ++slabs_;
  }
  auto* const slab = ::new (memory) Slab;
  slab->owner = this;
  slab->fresh = static_cast<std::byte*>(memory) + rounded(sizeof(Slab));
  slab->index = static_cast<std::uint16_t>(index);
  return *slab;
}

/// A block has come back to `slab`, which is empty now, or was full before.
void FramePool::settle(Slab& slab) noexcept {
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
  if (spares_ * kSlabBytes >= kMostSpareBytes && give_slab_memory(&slab)) {
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
    if (!give_slab_memory(spare_)) return;
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

/// Gives what is not in use back to the system.
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
