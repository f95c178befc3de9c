#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/loop/runnable.hpp>
#include <asyncio/loop/step_report.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace asyncio::detail {

/// A stopwatch for the steps of a loop in debug mode. With a watchdog, it also reports a step that
/// is still running after a limit, from a thread of its own.
///
/// Thread:   the loop's.
/// Cost:     about a microsecond per step; a loop without a monitor pays one branch per turn.
class SlowStepMonitor {
 public:
  using Clock = std::chrono::steady_clock;
  using Watchdog = std::function<void(const StepReport&)>;

  SlowStepMonitor() = default;
  SlowStepMonitor(const SlowStepMonitor&) = delete;
  SlowStepMonitor& operator=(const SlowStepMonitor&) = delete;
  ~SlowStepMonitor();

  /// Starts the watchdog's thread, which calls `tell` once for each step that has run for `limit`.
  /// An empty `tell` writes a line to standard error.
  ///
  /// Throws:   std::system_error if no thread can be started.
  void start_watchdog(Duration limit, Watchdog tell);

  /// Runs `entry` and returns its name and how long it took.
  StepReport run(Runnable& entry);

  void begin(std::string step);
  /// Ends the step that began last and returns its name and how long it took.
  StepReport end();

 private:
  void watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string step_;
  Clock::time_point began_;
  std::uint64_t number_ = 0;  // counts begin() and end(): odd while a step runs
  bool stopping_ = false;
  bool watchdog_sleeps_ = false;  // until the next step begins
  Duration limit_{};
  Watchdog tell_;
  std::thread thread_;  // last, because it uses all other members
};

/// Describes a slow step for debug mode: "Executing Task-2 from work() at app.cpp:12 took 0.2
/// seconds".
[[nodiscard]] std::string describe_slow_step(const StepReport& report);

}  // namespace asyncio::detail
