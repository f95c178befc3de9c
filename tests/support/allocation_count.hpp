#pragma once

#include <cstddef>

namespace asyncio::test {

/// Returns how often this thread has called operator new. A program that asks has counting versions
/// of operator new and delete linked in.
[[nodiscard]] std::size_t allocation_count() noexcept;

}  // namespace asyncio::test
