#pragma once

#include <asyncio/base/context.hpp>
#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <source_location>
#include <string>
#include <utility>

namespace asyncio {

class EventLoop;

/// The options for create_task().
///
/// Thread:   any; a value.
class TaskOptions {
 public:
  /// Creates the default options. Reports give `where` as the place of the task's creation.
  explicit TaskOptions(std::source_location where = std::source_location::current()) noexcept
      : where_(where) {}
  /// Sets the name that get_name() returns, instead of "Task-<n>".
  TaskOptions& name(std::string name) {
    name_ = std::move(name);
    return *this;
  }
  /// Runs the first step inside create_task() or, if the loop is not running, in its first turn.
  TaskOptions& eager_start(bool on) {
    eager_ = on;
    return *this;
  }
  /// Runs the task in `context`, which others may share, instead of a copy of the current context.
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

/// Makes each task start eagerly; pass it to EventLoop::set_task_factory().
///
/// Python:   asyncio.eager_task_factory.
inline void eager_task_factory(TaskOptions& options) {
  options.eager_start(true);
}

}  // namespace asyncio
