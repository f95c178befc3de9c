#include <algorithm>
#include <asyncio/thread/threadsafe.hpp>
#include <utility>

namespace asyncio::detail {

bool SharedEnd::over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

bool SharedEnd::cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

// --- Waiting ---

bool SharedEnd::is_own_turn(const Party* party) const noexcept {
  return party != nullptr && &party->turns()->loop() == loop_ && party->turns()->is_turn_of(*party);
}

bool SharedEnd::wait(std::optional<Duration> timeout) {
  Party* const party = current_party();
  if (is_own_turn(party)) {
    {
      const std::lock_guard lock(mutex_);
      if (over_) return true;
      parties_.push_back(party);
    }
    TurnTaking& turns = *party->turns();
    if (timeout) {
      const Duration span = std::max(*timeout, Duration::zero());
      party->arm_at(add_saturated(turns.loop().time(), span));
    }
    // Woken by the end, by the timeout, or because the loop is gone.
    const bool loop_lives = turns.pause(*party);
    const std::lock_guard lock(mutex_);
    std::erase(parties_, party);
    if (over_ || (timeout && loop_lives)) return over_;
  }
  std::unique_lock lock(mutex_);
  const auto ended = [this] { return over_; };
  if (timeout) return changed_.wait_until(lock, real_deadline(*timeout), ended);
  changed_.wait(lock, ended);
  return true;
}

// --- Ending ---

// Returns who is to be told when the mutex has been left. REQUIRES: the mutex is held.
std::vector<WorkItem*> SharedEnd::end(std::exception_ptr error) {
  over_ = true;
  error_ = std::move(error);
  cancelled_ = error_ && is_cancelled_error(error_);
  return std::exchange(items_, {});
}

void SharedEnd::finish(std::exception_ptr error) {
  std::vector<WorkItem*> items;
  {
    const std::lock_guard lock(mutex_);
    task_ = nullptr;
    sender_.reset();
    if (over_) return;  // cancelled meanwhile
    items = end(std::move(error));
    wake_parties();
  }
  tell(items);
}

// Who wakes up finds the mutex free.
void SharedEnd::tell(const std::vector<WorkItem*>& items) {
  changed_.notify_all();
  for (WorkItem* const item : items) item->work();
}

void SharedEnd::wake_parties() {
  for (Party* const party : std::exchange(parties_, {})) party->arm_now();
}

void SharedEnd::when_over(WorkItem& item) {
  {
    const std::lock_guard lock(mutex_);
    if (!over_) {
      items_.push_back(&item);
      return;
    }
  }
  item.work();
}

void SharedEnd::lose_interest() noexcept {
  const std::lock_guard lock(mutex_);
  sender_.reset();
}

// --- Cancelling ---

bool SharedEnd::cancel() {
  std::optional<LoopHandle> loop;
  std::vector<WorkItem*> items;
  {
    const std::lock_guard lock(mutex_);
    if (over_) return cancelled_;
    items = end(std::make_exception_ptr(CancelledError()));
    loop = std::exchange(sender_, std::nullopt);
  }
  tell(items);
  try {
    if (loop) loop->call_soon_threadsafe([self = shared_from_this()] { self->cancel_task(); });
  } catch (const RuntimeError&) {
    return true;  // the loop is closed, and the task with it
  }
  return true;
}

void SharedEnd::cancel_task() {
  {
    const std::lock_guard lock(mutex_);
    wake_parties();
  }
  if (task_ != nullptr) AnyFuture(Ref<FutureBase>(task_)).cancel();
}

void SharedEnd::begun(FutureBase& task) {
  task_ = &task;  // first, so that a cancel that comes from now on finds it
  if (!over()) return;
  // Cancelled on the way: it still begins, and is cancelled at its first await.
  task_ = nullptr;
  get_running_loop().call_soon([task = AnyFuture(Ref<FutureBase>(&task))] { task.cancel(); });
}

}  // namespace asyncio::detail
