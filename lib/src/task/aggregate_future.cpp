#include <asyncio/detail/task/aggregate_future.hpp>
#include <asyncio/detail/task/task_state.hpp>

namespace asyncio::detail {

void AggregateFuture::register_with(EventLoop& loop) noexcept {
  loop.core().tasks().destroy_pending = destroy_pending_tasks;
  link_before(loop.core().tasks().aggregates);
}

}  // namespace asyncio::detail
