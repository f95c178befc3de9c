#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "report/event.hpp"

namespace asyncdemo {

/// Tells somebody who watches standard error how far a run is that prints nothing for 2 s: a
/// line that is redrawn in place, and wiped before anything else is written.
///
/// It has a thread of its own, so that the run's timers are left alone. Without a terminal, or
/// where no thread can be had, there is none, and nothing is shown.
class Progress final : public Output {
 public:
  /// `expected` in real time, if that is known; `lines` are printed, and tell enough.
  Progress(std::string scenario, std::optional<Duration> expected, bool lines);
  ~Progress() override;

  void take(const Event& event) override;
  /// Wipes the line; nothing is shown any more.
  void end();

 private:
  void watch();
  void show();
  void wipe();  // REQUIRES: mutex_ held

  const std::string scenario_;
  const std::optional<Duration> expected_;
  const bool lines_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::steady_clock::time_point quiet_since_ = start_;
  bool shown_ = false;
  bool ended_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace asyncdemo
