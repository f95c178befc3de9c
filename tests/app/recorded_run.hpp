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

/// A scenario in this process, and what is recorded of it.
class RecordedRun {
 public:
  /// `command_line`: one scenario, as "gather -n 3"; on the virtual clock unless it says `--clock`.
  explicit RecordedRun(const std::string& command_line);

  /// Runs it; `sinks` are told after the recording.
  ///
  /// Throws: what the run threw, or one of its sinks; then they have been told of all until then.
  RecordedRun& run(std::vector<asyncdemo::EventSink*> sinks = {});

  /// The chart at the end.
  [[nodiscard]] std::string chart(const asyncdemo::ChartStyle& style = {}) const;

  [[nodiscard]] asyncdemo::RunRecord& record() { return record_; }
  [[nodiscard]] asyncdemo::RunObserver& observer() { return *observer_; }
  /// What the options make of its elapsed time.
  [[nodiscard]] asyncdemo::Duration ideal() const { return record_.ideal; }

 private:
  asyncdemo::Command command_;
  asyncdemo::RunRecord record_;
  std::unique_ptr<asyncdemo::RunObserver> observer_;
};

/// Calls a function with each event.
class EventHook final : public asyncdemo::EventSink {
 public:
  explicit EventHook(std::function<void(const asyncdemo::Event&)> function)
      : function_(std::move(function)) {}
  void take(const asyncdemo::Event& event) override { function_(event); }

 private:
  const std::function<void(const asyncdemo::Event&)> function_;
};

/// All nine scenarios, most of them with several options, as command lines of a RecordedRun.
[[nodiscard]] const std::vector<std::string>& recorded_command_lines();

/// The lines of `text`, which must end with one.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace asyncdemo_test
