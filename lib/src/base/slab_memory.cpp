#include <sys/mman.h>

#include <asyncio/detail/base/slab_memory.hpp>
#include <atomic>
#include <cstdint>
#include <new>

// Slabs come from mmap(), because malloc() puts 8 KiB of its own between aligned blocks. The kernel
// merges slabs that lie side by side into one mapping, and any part of that can be unmapped.

namespace asyncio::detail {

namespace {

// An address at which the next slab would lie side by side with another one; 0 if there is none.
constinit std::atomic<std::uintptr_t> preferred_place{0};

std::uintptr_t map_memory(std::uintptr_t place, std::size_t size_bytes) {
  void* const memory = ::mmap(reinterpret_cast<void*>(place), size_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return reinterpret_cast<std::uintptr_t>(memory);
}

bool unmap_memory(std::uintptr_t begin, std::uintptr_t end) noexcept {
  return begin == end || ::munmap(reinterpret_cast<void*>(begin), end - begin) == 0;
}

/// Maps twice the size and unmaps the memory around the aligned part. A failure to unmap, here or
/// in map_aligned(), is ignored: it costs only address space.
std::uintptr_t map_and_trim() {
  const std::uintptr_t begin = map_memory(0, 2 * kSlabBytes);
  const std::uintptr_t end = begin + 2 * kSlabBytes;
  const std::uintptr_t slab = end / kSlabBytes * kSlabBytes - kSlabBytes;
  (void)unmap_memory(begin, slab);
  (void)unmap_memory(slab + kSlabBytes, end);
  return slab;
}

std::uintptr_t map_aligned() {
  const std::uintptr_t place = preferred_place.load(std::memory_order_relaxed);
  if (place != 0) {
    const std::uintptr_t slab = map_memory(place, kSlabBytes);
    if (slab % kSlabBytes == 0) return slab;
    (void)unmap_memory(slab, slab + kSlabBytes);
  }
  return map_and_trim();
}

}  // namespace

void* map_slab() {
  const std::uintptr_t slab = map_aligned();
  // The next one goes below, because the kernel fills its address space downwards.
  preferred_place.store(slab - kSlabBytes, std::memory_order_relaxed);
  return reinterpret_cast<void*>(slab);
}

bool unmap_slab(void* slab) noexcept {
  const auto begin = reinterpret_cast<std::uintptr_t>(slab);
  if (!unmap_memory(begin, begin + kSlabBytes)) return false;
  preferred_place.store(begin, std::memory_order_relaxed);
  return true;
}

}  // namespace asyncio::detail
