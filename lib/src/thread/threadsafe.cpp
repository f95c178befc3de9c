#include <algorithm>
#include <asyncio/thread/threadsafe.hpp>

namespace asyncio::detail {

bool SharedEnd::over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

void SharedEnd::wait() {
  Party* const party = current_party();
  if (party != nullptr && &party->turns()->loop() == loop_ && party->turns()->is_turn_of(*party)) {
    {
      const std::lock_guard lock(mutex_);
      if (over_) return;
      parties_.push_back(party);
    }
    (void)party->turns()->pause(*party);  // woken by finish(), or because the loop is gone
    const std::lock_guard lock(mutex_);
    std::erase(parties_, party);
    if (over_) return;
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return over_; });
}

void SharedEnd::fail(std::exception_ptr error) {
  error_ = std::move(error);
  finish();
}

void SharedEnd::finish() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  changed_.notify_all();
  for (Party* const party : parties_) party->arm_now();
  parties_.clear();
  sender_.reset();
}

void SharedEnd::lose_interest() noexcept {
  const std::lock_guard lock(mutex_);
  sender_.reset();
}

}  // namespace asyncio::detail
