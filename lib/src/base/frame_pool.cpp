#include <algorithm>
#include <asyncio/base/frame_pool.hpp>
#include <mutex>
#include <utility>

namespace asyncio::detail {

constinit FramePool::Slab FramePool::no_slab;
constinit FramePool FramePool::none;
constinit thread_local FramePool* frame_pool = &FramePool::none;

namespace {

// Less than kSlabBytes by what malloc keeps with a block, so that slabs lie side by side.
constexpr std::size_t kUsableBytes = FramePool::kSlabBytes - 32;
constexpr auto kSlabAlignment = std::align_val_t{FramePool::kSlabBytes};
// Of a slab's fresh memory no more is touched at a time.
constexpr std::size_t kCutBytes = 4096;

constinit std::mutex orphans_mutex;
constinit FramePool* orphans = nullptr;  // pools of threads that have ended, with blocks in use

thread_local bool thread_has_ended = false;

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
  if (returned_.load(std::memory_order_relaxed) != nullptr) collect_returned();
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

void FramePool::take_back(Block* first, Block& last) noexcept {
  last.next = returned_.load(std::memory_order_relaxed);
  while (!returned_.compare_exchange_weak(last.next, first, std::memory_order_release,
                                          std::memory_order_relaxed)) {
  }
}

void FramePool::collect_returned() noexcept {
  Block* block = returned_.exchange(nullptr, std::memory_order_acquire);
  while (block != nullptr) {
    Block* const next = block->next;
    put_back(block, slab_of(block));
    block = next;
  }
}

// --- Slabs ---

/// Makes free blocks of the next page of fresh memory, in the order of their addresses; false if
/// there is none left.
bool FramePool::cut_blocks(Slab& slab) noexcept {
  if (slab.fresh == nullptr) return false;  // no_slab
  const std::size_t size_bytes = (slab.index + std::size_t{1}) * kGranule;
  const std::byte* const end = reinterpret_cast<std::byte*>(&slab) + kUsableBytes;
  if (end - slab.fresh < static_cast<std::ptrdiff_t>(size_bytes)) return false;
  const std::size_t count =
      std::min(static_cast<std::size_t>(end - slab.fresh), kCutBytes) / size_bytes;
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
    memory = ::operator new(kUsableBytes, kSlabAlignment);
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
  if (spares_ * kSlabBytes >= kMostSpareBytes) {
    ::operator delete(&slab, kSlabAlignment);
    --slabs_;
    return;
  }
  slab.next = spare_;
  spare_ = &slab;
  ++spares_;
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
  {
    const std::lock_guard lock(orphans_mutex);
    if (orphans != nullptr) return *std::exchange(orphans, orphans->next_orphan_);
  }
  return *new FramePool;
}

/// Gives what is not in use back to the system.
void FramePool::abandon(FramePool& pool) noexcept {
  pool.flush_outbox();
  pool.collect_returned();
  for (Slab*& current : pool.current_) {
    if (current == &no_slab || current->used > 0) continue;
    pool.retire(*std::exchange(current, &no_slab));
  }
  while (pool.spare_ != nullptr) {
    ::operator delete(std::exchange(pool.spare_, pool.spare_->next), kSlabAlignment);
    --pool.slabs_;
  }
  pool.spares_ = 0;
  if (pool.slabs_ == 0) {
    delete &pool;
    return;
  }
  const std::lock_guard lock(orphans_mutex);
  pool.next_orphan_ = std::exchange(orphans, &pool);
}

}  // namespace asyncio::detail
