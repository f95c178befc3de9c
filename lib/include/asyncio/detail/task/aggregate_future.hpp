#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/task/future_state.hpp>
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
  /// Keeps `self`, which is this future, alive until `keep_alive_` is dropped or `loop` closes.
  /// Does nothing if `loop` is closed, because no future of a closed loop reports its end.
  void keep_alive(EventLoop& loop, Ref<FutureBase> self) noexcept;

  Ref<FutureBase> keep_alive_;
};

}  // namespace asyncio::detail
