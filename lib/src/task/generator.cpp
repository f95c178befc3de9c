#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/generator.hpp>
#include <asyncio/task/task.hpp>
#include <exception>
#include <vector>

namespace asyncio {

Coroutine<void> shutdown_asyncgens() {
  EventLoop& loop = get_running_loop();
  std::vector<detail::CloseAwaitable> open;
  detail::ListNode& all = loop.core().tasks().generators;
  for (detail::ListNode* node = all.next(); node != &all; node = node->next()) {
    auto& generator = static_cast<detail::GeneratorState&>(*node);
    open.emplace_back(detail::Ref<detail::GeneratorState>(&generator));
  }
  // Close them at the same time, because each may have to wait.
  std::vector<Task<void>> tasks;
  tasks.reserve(open.size());
  for (detail::CloseAwaitable& closing : open) tasks.push_back(create_task(std::move(closing)));
  const AnyTask self = current_task().value();
  const int cancels_before = self.cancelling();
  for (const Task<void>& task : tasks) {
    std::exception_ptr error;
    try {
      co_await task;
    } catch (...) {
      error = std::current_exception();
    }
    if (!error) continue;
    if (self.cancelling() > cancels_before) std::rethrow_exception(error);
    if (task.cancelled()) continue;
    ExceptionContext context;
    context.message = "an error occurred during closing of an asynchronous generator";
    context.exception = error;
    loop.call_exception_handler(context);
  }
}

}  // namespace asyncio
