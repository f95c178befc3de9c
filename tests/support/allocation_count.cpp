#include "support/allocation_count.hpp"

#include <cstdlib>
#include <new>

namespace {
constinit thread_local std::size_t allocations = 0;
}  // namespace

// Not inlined: g++ would warn that new and delete are mismatched.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace asyncio::test {

std::size_t allocation_count() noexcept {
  return allocations;
}

}  // namespace asyncio::test
