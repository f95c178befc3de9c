#include <asyncio/base/frame_pool.hpp>

namespace asyncio::detail {

constinit thread_local FramePool frame_pool;

namespace {

// Empties the pool when its thread ends. Coroutine frames freed later still, by other
// thread-local objects, go straight to the system.
struct PoolDrain {
  ~PoolDrain() { frame_pool.drain(); }
};

}  // namespace

void* FramePool::take_from_system(std::size_t size_bytes) {
  if (limit_ == 0 && !ended_) {
    thread_local PoolDrain drain_at_thread_end;
    (void)drain_at_thread_end;  // named so that it is constructed
    limit_ = kMostPerClass;
  }
  return ::operator new(rounded(size_bytes));
}

void FramePool::drain() noexcept {
  limit_ = 0;
  ended_ = true;
  for (std::size_t index = 0; index < free_.size(); ++index) {
    while (free_[index] != nullptr) {
      Block* next = free_[index]->next;
      ::operator delete(free_[index]);
      free_[index] = next;
    }
    count_[index] = 0;
  }
}

}  // namespace asyncio::detail
