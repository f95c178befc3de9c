#include <asyncio/detail/task/aggregate_future.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <utility>

namespace asyncio::detail {

void AggregateFuture::keep_alive(EventLoop& loop, Ref<FutureBase> self) noexcept {
  if (loop.is_closed()) return;
  keep_alive_ = std::move(self);
  loop.core().tasks().destroy_pending = destroy_pending_tasks;
  link_before(loop.core().tasks().aggregates);
}

}  // namespace asyncio::detail
