#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <cstdint>
#include <exception>
#include <functional>

namespace asyncio {
class EventLoop;
}

namespace asyncio::detail {

class CancelPath;
class TaskBase;

/// The tasks of a loop. The loop only stores them, for the task layer above.
struct TaskRegistry {
  TaskBase* current = nullptr;        // the task whose step is running
  ListNode all;                       // tasks that are not done, in creation order
  ListNode aggregates;                // futures that wait for others: gather, shield
  ListNode generators;                // asynchronous generators that have begun and not ended
  std::uint32_t next_number = 1;      // for "Task-1", "Task-2", ...
  CancelPath* cancel_path = nullptr;  // the tasks that the current cancel() passes through
  // Set while a run waits for a result: creates the error for a loop that nothing can wake.
  std::function<std::exception_ptr()> on_deadlock;
  // Destroys the objects left in the lists; set by the first one that joins a list.
  void (*destroy_pending)(EventLoop&) noexcept = nullptr;
};

}  // namespace asyncio::detail
