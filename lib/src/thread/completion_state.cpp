#include <algorithm>
#include <asyncio/detail/thread/completion_state.hpp>
#include <utility>

namespace asyncio::detail {

bool CompletionState::done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

bool CompletionState::cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

// --- Waiting ---

bool CompletionState::is_own_turn(const Worker* worker) const noexcept {
  return worker != nullptr && &worker->scheduler()->core().loop() == loop_ &&
         worker->scheduler()->is_turn_of(*worker);
}

bool CompletionState::wait(std::optional<Duration> timeout) {
  Worker* const worker = current_worker();
  if (is_own_turn(worker)) {
    {
      const std::lock_guard lock(mutex_);
      if (done_) return true;
      workers_.push_back(worker);
    }
    VirtualTimeScheduler& scheduler = *worker->scheduler();
    if (timeout) {
      const Duration span = std::max(*timeout, Duration::zero());
      worker->arm_at(add_saturated(scheduler.core().now(), span));
    }
    // Returns when the state is done, at the timeout, or when the loop is gone.
    const bool loop_lives = scheduler.pause(*worker);
    const std::lock_guard lock(mutex_);
    std::erase(workers_, worker);
    if (done_ || (timeout && loop_lives)) return done_;
  }
  std::unique_lock lock(mutex_);
  const auto ended = [this] { return done_; };
  if (timeout) return changed_.wait_until(lock, real_deadline(*timeout), ended);
  changed_.wait(lock, ended);
  return true;
}

// --- Ending ---

// Ends the state and returns the items to pass to tell(), after the mutex has been released.
//
// REQUIRES: the mutex is held.
std::vector<WorkItem*> CompletionState::end(std::exception_ptr error) {
  done_ = true;
  error_ = std::move(error);
  cancelled_ = error_ && is_cancelled_error(error_);
  return std::exchange(items_, {});
}

void CompletionState::finish(std::exception_ptr error) {
  std::vector<WorkItem*> items;
  {
    const std::lock_guard lock(mutex_);
    task_ = nullptr;
    sender_.reset();
    if (done_) return;  // it was cancelled meanwhile
    items = end(std::move(error));
    wake_workers();
  }
  tell(items);
}

// Wakes the waiting threads and runs `items`. Called with the mutex released, so that a woken
// thread can take it at once.
void CompletionState::tell(const std::vector<WorkItem*>& items) {
  changed_.notify_all();
  for (WorkItem* const item : items) item->work();
}

void CompletionState::wake_workers() {
  for (Worker* const worker : std::exchange(workers_, {})) worker->arm_now();
}

void CompletionState::when_done(WorkItem& item) {
  {
    const std::lock_guard lock(mutex_);
    if (!done_) {
      items_.push_back(&item);
      return;
    }
  }
  item.work();
}

void CompletionState::lose_interest() noexcept {
  const std::lock_guard lock(mutex_);
  sender_.reset();
}

// --- Cancelling ---

bool CompletionState::cancel() {
  std::optional<LoopHandle> loop;
  std::vector<WorkItem*> items;
  {
    const std::lock_guard lock(mutex_);
    if (done_) return cancelled_;
    items = end(std::make_exception_ptr(CancelledError()));
    loop = std::exchange(sender_, std::nullopt);
  }
  tell(items);
  try {
    if (loop) loop->call_soon_threadsafe([self = shared_from_this()] { self->cancel_task(); });
  } catch (const RuntimeError&) {
    return true;  // the loop is closed, and the task is gone
  }
  return true;
}

void CompletionState::cancel_task() {
  {
    const std::lock_guard lock(mutex_);
    wake_workers();
  }
  if (task_ != nullptr) AnyFuture(Ref<FutureBase>(task_)).cancel();
}

void CompletionState::set_task(FutureBase& task) {
  task_ = &task;  // set first, so that a cancel from now on finds the task
  if (!done()) return;
  // It was cancelled on its way here: the task still begins and is cancelled at its first co_await.
  task_ = nullptr;
  get_running_loop().call_soon([task = AnyFuture(Ref<FutureBase>(&task))] { task.cancel(); });
}

}  // namespace asyncio::detail
