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

/// Futures in the order of their ends: a queue that DoneLinks fill.
class CompletionQueue final : public FifoState<AnyFuture>, private DoneListener {
 public:
  /// Begins to watch `futures`, each once.
  static Ref<CompletionQueue> watch(const std::vector<AnyFuture>& futures, TimeLimit limit);
  ~CompletionQueue() override { timeout_.cancel(); }

  /// Returns the next future that is done; an invalid one when all have been given out.
  ///
  /// Throws:   TimeoutError for one that was too late; CancelledError.
  static Coroutine<AnyFuture> next(Ref<CompletionQueue> self);

 private:
  CompletionQueue() : FifoState<AnyFuture>(/*maxsize=*/0) {}
  [[nodiscard]] std::string describe_wait(For what) const override;
  void future_done(DoneLink& link) noexcept override;
  void time_is_up();

  std::vector<DoneLinkPtr> links_;  // in the order given; empty when the time is up
  std::size_t pending_ = 0;         // links that are still listening
  std::size_t left_ = 0;            // futures that no next() has asked for
  TimerHandle timeout_;
};

}  // namespace asyncio::detail
