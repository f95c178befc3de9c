#include <asyncio/combine/as_completed.hpp>
#include <unordered_set>
#include <utility>

namespace asyncio::detail {

class CompletionQueue::NextWaiter final : public Waiter {
 public:
  explicit NextWaiter(const CompletionQueue& queue) noexcept
      : Waiter("as_completed()"), queue_(queue) {}

  [[nodiscard]] std::string describe() const override {
    WaitText text("as_completed() of");
    for (const Watched& watched : queue_.watched_) {
      if (watched.future.valid()) text.add(*watched.future.state());
    }
    return text.take();
  }

 private:
  const CompletionQueue& queue_;
};

std::shared_ptr<CompletionQueue> CompletionQueue::watch(const std::vector<AnyFuture>& futures,
                                                        TimeLimit limit) {
  const auto queue = std::make_shared<CompletionQueue>();
  queue->watched_.reserve(futures.size());  // what is watched is known to the queue
  // Weak: a future that never ends must not keep the queue, which keeps the future.
  const std::weak_ptr<CompletionQueue> self = queue;
  std::unordered_set<AnyFuture> seen;
  for (const AnyFuture& future : futures) {
    if (!seen.insert(future).second) continue;
    const std::size_t index = queue->watched_.size();
    auto callback = future.add_done_callback([self, index] {
      if (const auto alive = self.lock()) alive->one_is_done(index);
    });
    queue->watched_.push_back({future, std::move(callback)});
  }
  queue->pending_ = queue->left_ = queue->watched_.size();
  if (limit.limited() && queue->left_ > 0) {
    queue->timeout_ = get_running_loop().call_later(limit.span(), [self] {
      if (const auto alive = self.lock()) alive->time_is_up();
    });
  }
  return queue;
}

CompletionQueue::~CompletionQueue() {
  stop_watching();
  timeout_.cancel();
}

void CompletionQueue::stop_watching() noexcept {
  for (const Watched& watched : watched_) {
    if (watched.future.valid()) watched.future.remove_done_callback(watched.callback);
  }
  watched_.clear();
  pending_ = 0;
}

void CompletionQueue::one_is_done(std::size_t index) {
  if (pending_ == 0) return;  // time_is_up() was here first
  --pending_;
  put(std::exchange(watched_[index].future, AnyFuture()));
  if (pending_ == 0) timeout_.cancel();
}

void CompletionQueue::time_is_up() {
  const std::size_t late = pending_;
  stop_watching();
  for (std::size_t i = 0; i < late; ++i) put(AnyFuture());
}

void CompletionQueue::put(AnyFuture finished) {
  finished_.push_back(std::move(finished));
  waiting_.wake_next();
}

Coroutine<AnyFuture> CompletionQueue::next(std::shared_ptr<CompletionQueue> self) {
  if (self->left_ == 0) co_return AnyFuture();
  --self->left_;
  while (self->finished_.empty()) {
    NextWaiter waiter(*self);
    self->waiting_.join(waiter);
    try {
      co_await waiter;
    } catch (...) {
      ++self->left_;  // it has not been served
      const bool woken = waiter.state() == Waiter::State::woken;
      waiter.unlink();
      if (woken && !self->finished_.empty()) self->waiting_.wake_next();
      throw;
    }
  }
  const AnyFuture done = std::move(self->finished_.front());
  self->finished_.pop_front();
  if (!done.valid()) throw TimeoutError();
  co_return done;
}

}  // namespace asyncio::detail
