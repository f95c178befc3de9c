#include <algorithm>
#include <asyncio/base/posix.hpp>
#include <asyncio/loop/step_watch.hpp>
#include <utility>

namespace asyncio::detail {

namespace {

// So that the end of a limit is a time that the clock can name.
constexpr Duration kLongestLimit = std::chrono::hours(24 * 365);

}  // namespace

StepWatch::~StepWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void StepWatch::start_watchdog(Duration limit, Watchdog tell) {
  limit_ = std::min<Duration>(limit, kLongestLimit);
  tell_ = std::move(tell);
  thread_ = std::thread([this] { watch(); });
}

void StepWatch::begin(std::string step) {
  const std::lock_guard lock(mutex_);
  step_ = std::move(step);
  began_ = Clock::now();
  ++number_;
  if (watchdog_sleeps_) changed_.notify_all();
}

StepReport StepWatch::end() {
  const std::lock_guard lock(mutex_);
  ++number_;
  return {std::move(step_), Clock::now() - began_};
}

void StepWatch::watch() {
  reset_timer_slack();
  std::unique_lock lock(mutex_);
  std::uint64_t told = 0;
  while (!stopping_) {
    const bool running = number_ % 2 == 1 && number_ != told;
    if (!running) {
      watchdog_sleeps_ = true;
      changed_.wait(lock);
      watchdog_sleeps_ = false;
    } else if (Clock::now() - began_ < limit_) {
      changed_.wait_until(lock, began_ + limit_);
    } else {
      told = number_;
      const StepReport report{step_, Clock::now() - began_};
      lock.unlock();
      tell_(report);
      lock.lock();
    }
  }
}

}  // namespace asyncio::detail
