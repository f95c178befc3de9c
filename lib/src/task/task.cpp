#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/task/task.hpp>

namespace asyncio {

std::optional<AnyTask> current_task() {
  detail::TaskBase* const current = get_running_loop().core().tasks().current;
  if (current == nullptr) return std::nullopt;
  return AnyTask(detail::Ref<detail::FutureBase>(current));
}

std::vector<AnyTask> all_tasks(EventLoop& loop) {
  std::vector<AnyTask> tasks;
  detail::ListNode& all = loop.core().tasks().all;
  for (detail::ListNode* node = all.next(); node != &all; node = node->next()) {
    auto& task = static_cast<detail::TaskBase&>(*node);
    tasks.emplace_back(detail::Ref<detail::FutureBase>(&task));
  }
  return tasks;
}

std::vector<AnyTask> all_tasks() {
  return all_tasks(get_running_loop());
}

}  // namespace asyncio
