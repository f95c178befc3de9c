#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/loop/event_loop.hpp>

namespace asyncio::detail {

/// A future that waits for other futures and keeps itself alive meanwhile, as those of gather() and
/// shield() do. If its loop closes first, the loop breaks this reference cycle.
class AggregateFuture : public ListNode {
 public:
  /// Drops the links to the other futures and the reference to itself. May destroy this object.
  virtual void break_up() noexcept = 0;

 protected:
  ~AggregateFuture() = default;
  void register_with(EventLoop& loop) noexcept;
};

}  // namespace asyncio::detail
