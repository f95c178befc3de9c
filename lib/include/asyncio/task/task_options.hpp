#pragma once

#include <asyncio/base/context.hpp>
#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <source_location>
#include <string>
#include <utility>

namespace asyncio {

class EventLoop;

/// How create_task() makes a task.
///
/// Thread:   any; a value.
class TaskOptions {
 public:
  /// `where` the task is made, for reports.
  explicit TaskOptions(std::source_location where = std::source_location::current()) noexcept
      : where_(where) {}
  /// What get_name() gives, in place of "Task-<n>".
  TaskOptions& name(std::string name) {
    name_ = std::move(name);
    return *this;
  }
  /// Runs the first step inside create_task(); on a loop that does not run, in its first turn.
  TaskOptions& eager_start(bool on) {
    eager_ = on;
    return *this;
  }
  /// Lets it run in `context`, which others may share, in place of a copy of the present one.
  TaskOptions& context(const Context& context) {
    context_ = context.state();
    return *this;
  }

 private:
  friend class EventLoop;
  std::source_location where_;
  std::string name_;
  detail::Ref<detail::ContextState> context_;
  bool eager_ = false;
};

/// For EventLoop::set_task_factory(): each task starts eagerly.
///
/// Python:   asyncio.eager_task_factory.
inline void eager_task_factory(TaskOptions& options) {
  options.eager_start(true);
}

}  // namespace asyncio
