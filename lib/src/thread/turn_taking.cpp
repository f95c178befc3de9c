#include <algorithm>
#include <asyncio/thread/turn_taking.hpp>
#include <chrono>
#include <thread>
#include <utility>

namespace asyncio {

namespace detail {

namespace {
constinit thread_local Party* this_party = nullptr;
}  // namespace

void TurnTaking::let_run(Party& party) {
  std::unique_lock lock(mutex_);
  running_ = &party;
  changed_.notify_all();
  changed_.wait(lock, [this] { return running_ == nullptr; });
}

void TurnTaking::loop_closing() noexcept {
  const std::lock_guard lock(mutex_);
  loop_gone_ = true;
  changed_.notify_all();
}

void TurnTaking::wait_for_turn(Party& party) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return running_ == &party || loop_gone_; });
}

void TurnTaking::give_back(Party* party) noexcept {
  const std::lock_guard lock(mutex_);
  if (running_ != party) return;  // the loop is gone
  running_ = nullptr;
  changed_.notify_all();
}

bool TurnTaking::pause(Party& party) {
  give_back(&party);
  wait_for_turn(party);
  return is_turn_of(party);
}

bool TurnTaking::is_turn_of(const Party& party) noexcept {
  const std::lock_guard lock(mutex_);
  return running_ == &party;
}

std::chrono::steady_clock::time_point real_deadline(Duration span) noexcept {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point now = Clock::now();
  return now + std::clamp<Duration>(span, Duration::zero(), Clock::time_point::max() - now);
}

Party* current_party() noexcept {
  return this_party;
}

PartyScope::PartyScope(Party* party) noexcept : before_(std::exchange(this_party, party)) {}
PartyScope::~PartyScope() {
  this_party = before_;
}

}  // namespace detail

void blocking_sleep(Duration span) {
  span = std::max(span, Duration::zero());  // even then, others may run
  detail::Party* const party = detail::current_party();
  if (party == nullptr) {
    std::this_thread::sleep_until(detail::real_deadline(span));
    return;
  }
  detail::TurnTaking& turns = *party->turns();
  if (!turns.is_turn_of(*party)) return;  // the loop is gone, and its time with it
  party->arm_at(add_saturated(turns.loop().time(), span));
  (void)turns.pause(*party);
}

}  // namespace asyncio
