#pragma once

#include <asyncio/detail/loop/loop_core.hpp>
#include <asyncio/detail/loop/task_registry.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <string>
#include <utility>

namespace asyncio::detail {

/// The tasks that a cancel() passes through, innermost first. A task is in the path while the call
/// passes through it. The path reveals tasks that await each other in a cycle.
class CancelPath {
 public:
  explicit CancelPath(TaskBase& task) noexcept
      : task_(task), outer_(std::exchange(task.core().tasks().cancel_path, this)) {
    task.set(TaskBase::kBeingCancelled);
  }
  CancelPath(const CancelPath&) = delete;
  CancelPath& operator=(const CancelPath&) = delete;
  ~CancelPath() {
    task_.clear(TaskBase::kBeingCancelled);
    task_.core().tasks().cancel_path = outer_;
  }

  /// Describes the part of the path that leads from `task` back to it:
  /// "Task-2 -> Task-3 -> Task-2".
  [[nodiscard]] std::string cycle_of(const TaskBase& task) const {
    std::string names = task.name();
    for (const CancelPath* step = this; step != nullptr; step = step->outer_) {
      names = step->task_.name() + " -> " + names;
      if (&step->task_ == &task) break;
    }
    return names;
  }

 private:
  TaskBase& task_;
  CancelPath* outer_;
};

}  // namespace asyncio::detail
