#include <asyncio/base/error.hpp>
#include <asyncio/detail/combine/completion_queue.hpp>
#include <asyncio/detail/task/wait_description.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <unordered_set>
#include <utility>

namespace asyncio::detail {

Ref<CompletionQueue> CompletionQueue::watch(const std::vector<AnyFuture>& futures,
                                            TimeLimit limit) {
  Ref<CompletionQueue> queue(new CompletionQueue);
  queue->links_.reserve(futures.size());
  std::unordered_set<AnyFuture> seen;
  for (const AnyFuture& future : futures) {
    if (!seen.insert(future).second) continue;
    queue->links_.emplace_back(new DoneLink(future.state()))->listen(*queue);
  }
  queue->pending_ = queue->left_ = queue->links_.size();
  if (limit.limited() && queue->left_ > 0) {
    // The raw pointer is safe: the queue's destructor cancels the timer.
    queue->timeout_ =
        get_running_loop().call_later(limit.span(), [queue = queue.get()] { queue->time_is_up(); });
  }
  return queue;
}

std::string CompletionQueue::describe_wait(For /*what*/) const {
  WaitDescription text("as_completed() of");
  for (const DoneLinkPtr& link : links_) {
    if (link->is_listening()) text.add(link->future());
  }
  return text.take();
}

void CompletionQueue::future_done(DoneLink& link) noexcept {
  if (--pending_ == 0) timeout_.cancel();
  put_nowait(AnyFuture(link.take_future()));
}

// Puts an invalid future into the queue for each future that is too late.
void CompletionQueue::time_is_up() {
  links_.clear();
  for (; pending_ > 0; --pending_) put_nowait(AnyFuture());
}

Coroutine<AnyFuture> CompletionQueue::next(Ref<CompletionQueue> self) {
  if (self->left_ == 0) co_return AnyFuture();
  --self->left_;
  AnyFuture done;
  try {
    done = co_await QueueGetAwaitable<AnyFuture>(self);
  } catch (...) {
    ++self->left_;  // this call got no future
    throw;
  }
  if (!done.valid()) throw TimeoutError();
  co_return done;
}

}  // namespace asyncio::detail
