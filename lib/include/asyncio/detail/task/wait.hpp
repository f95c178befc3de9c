#pragma once

#include <asyncio/base/observer.hpp>
#include <exception>

namespace asyncio::detail {

class TaskBase;

/// An object that a suspended task waits for: a future or a FrameWait.
class Wait : public Awaited {
 public:
  Wait() = default;
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  /// Asks the wait to end now. Returns true if the task will be woken with a CancelledError, which
  /// is `reason` unless that is null. Returns false if the wait has ended already and the task's
  /// wake-up is on its way.
  virtual bool cancel(const std::exception_ptr& reason) = 0;

  /// Forgets `task`, which is being destroyed while it waits.
  virtual void forget(TaskBase& task) noexcept = 0;

 protected:
  ~Wait() = default;
};

}  // namespace asyncio::detail
