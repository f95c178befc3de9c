#pragma once

#include <asyncio/detail/base/frame_pool.hpp>
#include <cstdint>

namespace asyncio {
class EventLoop;
}

namespace asyncio::detail {

/// A weak reference to a loop, for objects that may outlive it.
///
/// Thread:   the loop's.
class WeakLoopRef : public FramePooled {
 public:
  explicit WeakLoopRef(EventLoop& loop) noexcept : loop_(&loop) {}
  WeakLoopRef(const WeakLoopRef&) = delete;
  WeakLoopRef& operator=(const WeakLoopRef&) = delete;

  /// Returns the loop, or null after its destruction.
  [[nodiscard]] EventLoop* loop() const noexcept { return loop_; }
  void loop_destroyed() noexcept { loop_ = nullptr; }
  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

 private:
  ~WeakLoopRef() = default;

  EventLoop* loop_;
  std::uint32_t references_ = 0;
};

}  // namespace asyncio::detail
