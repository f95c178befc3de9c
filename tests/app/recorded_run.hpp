#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command_line/command.hpp"
#include "report/timeline.hpp"
#include "run/run_observer.hpp"
#include "run/run_record.hpp"

namespace asyncdemo_test {

/// A scenario that runs in this process, and its record.
class RecordedRun {
 public:
  /// Takes a command line such as "gather -n 3". It runs on the virtual clock unless it says
  /// `--clock`.
  explicit RecordedRun(const std::string& command_line);

  /// Runs it. `sinks` receive each event after the recording.
  ///
  /// Throws: the error of the run or of a sink; the sinks have then received all events before it.
  RecordedRun& run(std::vector<asyncdemo::EventSink*> sinks = {});

  /// Draws the chart at the end.
  [[nodiscard]] std::string chart(const asyncdemo::ChartStyle& style = {}) const;

  [[nodiscard]] asyncdemo::RunRecord& record() { return record_; }
  [[nodiscard]] asyncdemo::RunObserver& observer() { return *observer_; }
  /// Returns the duration that the formula gives.
  [[nodiscard]] asyncdemo::Duration ideal() const { return record_.ideal; }

 private:
  asyncdemo::Command command_;
  asyncdemo::RunRecord record_;
  std::unique_ptr<asyncdemo::RunObserver> observer_;
};

/// A sink that calls a function with each event.
class EventHook final : public asyncdemo::EventSink {
 public:
  explicit EventHook(std::function<void(const asyncdemo::Event&)> function)
      : function_(std::move(function)) {}
  void take(const asyncdemo::Event& event) override { function_(event); }

 private:
  const std::function<void(const asyncdemo::Event&)> function_;
};

/// Returns command lines for RecordedRun: all nine scenarios, most of them with several options.
[[nodiscard]] const std::vector<std::string>& recorded_command_lines();

/// Splits `text`, which must end with a newline, into lines.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace asyncdemo_test
