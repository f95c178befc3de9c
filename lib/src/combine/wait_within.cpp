#include <asyncio/combine/wait_options.hpp>
#include <asyncio/detail/combine/wait_operation.hpp>
#include <asyncio/detail/combine/wait_within.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace asyncio::detail {

Coroutine<void> cancel_and_wait(AnyFuture future) {
  // Does not await the future itself: a cancel of that await would cancel the future again.
  future.cancel();
  std::vector<AnyFuture> futures;
  futures.push_back(std::move(future));
  co_await wait_until(std::move(futures), std::nullopt, ReturnWhen::all_completed);
}

}  // namespace asyncio::detail
