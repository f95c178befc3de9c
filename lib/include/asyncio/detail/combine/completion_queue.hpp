#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/queue_state.hpp>
#include <asyncio/detail/task/done_link.hpp>
#include <asyncio/loop/handle.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace asyncio::detail {

/// A queue of futures in the order of their ends, filled by DoneLinks.
class CompletionQueue final : public FifoState<AnyFuture>, private DoneListener {
 public:
  /// Returns a queue that listens to `futures`, once to each, until `limit` has passed.
  static Ref<CompletionQueue> watch(const std::vector<AnyFuture>& futures, TimeLimit limit);
  ~CompletionQueue() override { timeout_.cancel(); }

  /// Returns the next future that is done; an invalid one after the last.
  ///
  /// Throws:   TimeoutError for a future that was not done at the time limit; CancelledError.
  static Coroutine<AnyFuture> next(Ref<CompletionQueue> self);

 private:
  CompletionQueue() : FifoState<AnyFuture>(/*maxsize=*/0) {}
  [[nodiscard]] std::string describe_wait(For what) const override;
  void future_done(DoneLink& link) noexcept override;
  void time_is_up();

  std::vector<DoneLinkPtr> links_;  // in the order given; empty after the time limit
  std::size_t pending_ = 0;         // links that are still listening
  std::size_t left_ = 0;            // futures that no call of next() has claimed
  TimerHandle timeout_;
};

}  // namespace asyncio::detail
