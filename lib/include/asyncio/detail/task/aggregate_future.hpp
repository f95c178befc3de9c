#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/loop/event_loop.hpp>

namespace asyncio::detail {

/// A future that waits for others and keeps itself alive meanwhile: gather() and shield(). If its
/// loop closes first, the loop breaks that ring.
class AggregateFuture : public ListNode {
 public:
  /// Drops the links to the others and the share of itself. May end this object.
  virtual void break_up() noexcept = 0;

 protected:
  ~AggregateFuture() = default;
  void register_with(EventLoop& loop) noexcept;
};

}  // namespace asyncio::detail
