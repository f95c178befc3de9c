#include <algorithm>
#include <asyncio/base/posix.hpp>
#include <asyncio/detail/base/standard_error.hpp>
#include <asyncio/detail/loop/slow_step_monitor.hpp>
#include <iomanip>
#include <sstream>
#include <utility>

namespace asyncio::detail {

namespace {

// A bound on the limit: the clock must be able to represent the time at which it is reached.
constexpr Duration kLongestLimit = std::chrono::hours(24 * 365);

void write_step_to_stderr(const StepReport& report) {
  const std::chrono::duration<double> held = report.held;
  std::ostringstream line;
  line << "asyncio: " << report.step << " has held the loop for " << std::fixed
       << std::setprecision(3) << held.count() << " s\n";
  write_to_stderr(line.str());
}

}  // namespace

SlowStepMonitor::~SlowStepMonitor() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void SlowStepMonitor::start_watchdog(Duration limit, Watchdog tell) {
  limit_ = std::min<Duration>(limit, kLongestLimit);
  tell_ = tell ? std::move(tell) : write_step_to_stderr;
  thread_ = std::thread([this] { watch(); });
}

StepReport SlowStepMonitor::run(Runnable& entry) {
  begin(entry.describe_step());
  entry.run();
  return end();
}

void SlowStepMonitor::begin(std::string step) {
  const std::lock_guard lock(mutex_);
  step_ = std::move(step);
  began_ = Clock::now();
  ++number_;
  if (watchdog_sleeps_) changed_.notify_all();
}

StepReport SlowStepMonitor::end() {
  const std::lock_guard lock(mutex_);
  ++number_;
  return {std::move(step_), Clock::now() - began_};
}

void SlowStepMonitor::watch() {
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

std::string describe_slow_step(const StepReport& report) {
  const std::chrono::duration<double> held = report.held;
  return "Executing " + report.step + " took " + std::to_string(held.count()) + " seconds";
}

}  // namespace asyncio::detail
