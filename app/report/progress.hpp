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

/// Tells somebody who watches standard error how far the run is, where nothing has been written to
/// the terminal for 2 s: a line that is redrawn in place, and wiped before anything else.
///
/// It has a thread of its own, so that the run's timers are left alone.
class Progress final : public EventSink {
 public:
  /// Nothing is shown where nobody watches: standard error is no terminal, a dumb one, or another
  /// program's at present; nor where no thread can be had.
  Progress();
  ~Progress() override { end(); }

  /// From now on it is about `scenario`; `expected` in real time, if that is known.
  void begin_run(std::string scenario, std::optional<Duration> expected);
  /// Wipes the line; nothing is shown any more.
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
