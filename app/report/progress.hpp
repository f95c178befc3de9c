#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "run/event.hpp"
#include "values/duration.hpp"

namespace asyncdemo {

/// A progress line on standard error. It appears when nothing has been written to the terminal for
/// 2 s, is redrawn in place, and is wiped before any other output.
///
/// Uses a thread of its own, so that the run gets no further timers.
class Progress final : public EventSink {
 public:
  /// Shows nothing if standard error is not a terminal, is a dumb one, or is in use by another
  /// foreground program, or if no thread can be started.
  Progress();
  ~Progress() override { end(); }

  /// Starts to report on `scenario`, which takes `expected` of real time if that is known.
  void begin_run(std::string scenario, std::optional<Duration> expected);
  /// Wipes the line and shows no other.
  void end();

  void take(const Event& /*event*/) override {}
  void interrupt() override { end(); }

 private:
  using Clock = std::chrono::steady_clock;

  void show_when_silent();
  void show() const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string scenario_;
  std::optional<Duration> expected_;
  Clock::time_point start_ = Clock::now();
  bool ended_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace asyncdemo
