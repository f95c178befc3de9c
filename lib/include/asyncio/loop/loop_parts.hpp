#pragma once

#include <asyncio/base/frame_pool.hpp>
#include <asyncio/base/intrusive.hpp>
#include <cstdint>
#include <exception>
#include <functional>

// What a loop keeps for the layers above it, which it does not know. Users need not read it.

namespace asyncio {

class EventLoop;

namespace detail {

class TaskBase;

/// Tells those that may outlive a loop whether it is still there.
///
/// Thread:   the loop's.
class LoopAnchor : public FramePooled {
 public:
  explicit LoopAnchor(EventLoop& loop) noexcept : loop_(&loop) {}
  [[nodiscard]] EventLoop* loop() const noexcept { return loop_; }
  void loop_destroyed() noexcept { loop_ = nullptr; }
  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

 private:
  EventLoop* loop_;
  std::uint32_t references_ = 0;
};

/// The tasks of a loop. The loop only keeps it for the task layer, which it does not know.
struct TaskRoster {
  class CancelPath;                   // in task.cpp
  TaskBase* current = nullptr;        // whose step is running
  ListNode all;                       // those not done, in creation order
  ListNode composites;                // futures that wait for others: gather, shield
  ListNode generators;                // asynchronous ones that have begun and not ended
  std::uint32_t next_number = 1;      // for "Task-1", "Task-2", ...
  CancelPath* cancel_path = nullptr;  // the tasks that a cancel() is on its way through
  // While something runs until it is done: makes the error for when nothing can wake it.
  std::function<std::exception_ptr()> on_deadlock;
  // Destroys what is left in the lists; set by whoever enters something there.
  void (*destroy_pending)(EventLoop&) noexcept = nullptr;
};

/// Something of a higher layer that lives as long as a loop: its default executor.
class LoopService {
 public:
  LoopService() = default;
  LoopService(const LoopService&) = delete;
  LoopService& operator=(const LoopService&) = delete;
  virtual ~LoopService() = default;
  /// The loop is closing: stop, without waiting for anybody.
  virtual void loop_closing() noexcept = 0;
};

}  // namespace detail

}  // namespace asyncio
