#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/await_graph.hpp>

namespace asyncio {

std::string describe_waits(EventLoop& loop) {
  std::string lines;
  const detail::ListNode& all = loop.core().tasks().all;
  for (detail::ListNode* node = all.next(); node != &all; node = node->next()) {
    const auto& task = static_cast<const detail::TaskBase&>(*node);
    lines += "  " + task.name() + task.describe_progress() + "\n";
  }
  if (!lines.empty()) lines.pop_back();
  return lines;
}

}  // namespace asyncio
