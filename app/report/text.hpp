#pragma once

#include <exception>
#include <mutex>
#include <string_view>

#include "duration.hpp"

namespace asyncdemo {

/// The tool's plain output: a scenario's lines as they happen, then `done in`.
///
/// Thread: any.
class TextReport {
 public:
  /// `quiet`: 1 leaves the `done in` line only, 2 nothing.
  explicit TextReport(int quiet) : quiet_(quiet) {}

  /// Writes one line of the scenario.
  ///
  /// Throws: asyncio::CancelledError after stop(); std::system_error when stdout takes no
  ///         more, now or at an earlier line.
  void scenario_line(std::string_view text);

  /// No scenario line is written once this has returned.
  void stop();

  /// Writes `done in S.mmm`.
  ///
  /// Throws: std::system_error, for an earlier line too.
  void done(Duration elapsed);

  /// Tells on standard error how the run goes. That is no error: silent where nothing is wanted.
  void remark(std::string_view text) const noexcept;

  /// Whether stdout has refused a line.
  [[nodiscard]] bool failed();

 private:
  void write_line(std::string_view text);  // REQUIRES: mutex_ held

  const int quiet_;
  std::mutex mutex_;  // guards what follows, and keeps stop() behind a line being written
  bool stopped_ = false;
  std::exception_ptr failure_;
};

}  // namespace asyncdemo
