#pragma once

#include <asyncio/base/time.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace asyncio {

/// A step of a loop: a callback, or a task between two suspensions.
struct StepReport {
  std::string step;  ///< "Task-2 from work() at app.cpp:12": whose, and where it went on
  Duration held;     ///< how long it has held the loop's thread, in real time
};

namespace detail {

/// Measures the steps of a loop, for debug mode; and, as a watchdog, tells of one that is still
/// running after a limit, from a thread of its own.
///
/// Thread:   the loop's.
/// Cost:     about a microsecond a step; a loop without it pays one branch a turn.
class StepWatch {
 public:
  using Clock = std::chrono::steady_clock;
  using Watchdog = std::function<void(const StepReport&)>;

  StepWatch() = default;
  StepWatch(const StepWatch&) = delete;
  StepWatch& operator=(const StepWatch&) = delete;
  ~StepWatch();

  /// Calls `tell`, from a thread of its own, for each step that has run for `limit`, once.
  ///
  /// Throws:   std::system_error when no thread can be had.
  void start_watchdog(Duration limit, Watchdog tell);

  void begin(std::string step);
  /// What has ended, and how long it took.
  StepReport end();

 private:
  void watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string step_;
  Clock::time_point began_;
  std::uint64_t number_ = 0;  // of the step; odd while one runs
  bool stopping_ = false;
  bool watchdog_sleeps_ = false;  // until the next step begins
  Duration limit_{};
  Watchdog tell_;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace detail
}  // namespace asyncio
