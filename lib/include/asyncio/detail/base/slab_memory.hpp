#pragma once

#include <cstddef>

namespace asyncio::detail {

/// The size of a slab, and the alignment of its address.
inline constexpr std::size_t kSlabBytes = std::size_t{64} * 1024;

/// Maps memory for a slab, side by side with other slabs if the system allows it.
///
/// Throws:   std::bad_alloc.
/// Thread:   any.
[[nodiscard]] void* map_slab();

/// Unmaps the memory of a slab. Returns false if the kernel cannot record another gap between its
/// mappings; the memory then stays as it is.
///
/// Thread:   any.
[[nodiscard]] bool unmap_slab(void* slab) noexcept;

}  // namespace asyncio::detail
