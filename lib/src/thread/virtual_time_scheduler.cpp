#include <algorithm>
#include <asyncio/detail/thread/virtual_time_scheduler.hpp>
#include <chrono>
#include <utility>

namespace asyncio::detail {

namespace {
constinit thread_local Worker* this_worker = nullptr;
}  // namespace

void VirtualTimeScheduler::let_run(Worker& worker) {
  std::unique_lock lock(mutex_);
  running_ = &worker;
  changed_.notify_all();
  changed_.wait(lock, [this] { return running_ == nullptr; });
}

void VirtualTimeScheduler::loop_closing() noexcept {
  const std::lock_guard lock(mutex_);
  loop_gone_ = true;
  changed_.notify_all();
}

void VirtualTimeScheduler::wait_for_turn(Worker& worker) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return running_ == &worker || loop_gone_; });
}

void VirtualTimeScheduler::give_back(Worker* worker) noexcept {
  const std::lock_guard lock(mutex_);
  if (running_ != worker) return;  // the loop is gone
  running_ = nullptr;
  changed_.notify_all();
}

bool VirtualTimeScheduler::pause(Worker& worker) {
  give_back(&worker);
  wait_for_turn(worker);
  return is_turn_of(worker);
}

bool VirtualTimeScheduler::is_turn_of(const Worker& worker) noexcept {
  const std::lock_guard lock(mutex_);
  return running_ == &worker;
}

std::chrono::steady_clock::time_point real_deadline(Duration span) noexcept {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point now = Clock::now();
  return now + std::clamp<Duration>(span, Duration::zero(), Clock::time_point::max() - now);
}

Worker* current_worker() noexcept {
  return this_worker;
}

CurrentWorkerScope::CurrentWorkerScope(Worker* worker) noexcept
    : outer_(std::exchange(this_worker, worker)) {}

CurrentWorkerScope::~CurrentWorkerScope() {
  this_worker = outer_;
}

}  // namespace asyncio::detail
