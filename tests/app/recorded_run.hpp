#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/run_record.hpp"
#include "report/timeline.hpp"
#include "report/watch.hpp"
#include "run_scenario.hpp"
#include "settings.hpp"

namespace asyncdemo_test {

using Options = std::vector<std::pair<std::string, std::string>>;

/// A scenario in this process, on the virtual clock unless `settings` say otherwise, and what is
/// recorded of it.
class RecordedRun {
 public:
  /// `options`: names without dashes and values; a scenario's own come before the common ones.
  explicit RecordedRun(std::string_view scenario, const Options& options = {});

  /// Runs it; `outputs` are told after the recording.
  RecordedRun& run(std::vector<asyncdemo::Output*> outputs = {});

  /// The chart at the end.
  [[nodiscard]] std::string chart(const asyncdemo::ChartStyle& style = {}) const;

  [[nodiscard]] asyncdemo::RunRecord& record() { return record_; }
  [[nodiscard]] asyncdemo::Watch& watch() { return *watch_; }
  /// What the options make of its elapsed time.
  [[nodiscard]] asyncdemo::Duration ideal() const { return scenario_->ideal(); }

 private:
  asyncdemo::Settings settings_;
  std::unique_ptr<asyncdemo::Scenario> scenario_;
  asyncdemo::RunRecord record_;
  std::unique_ptr<asyncdemo::Watch> watch_;
};

/// The lines of `text`, which must end with one.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace asyncdemo_test
