#pragma once

#include <functional>
#include <memory>
#include <string>

#include "report/run_record.hpp"

namespace asyncdemo_test {

/// Calls a function with each event.
class EventHook final : public asyncdemo::Output {
 public:
  explicit EventHook(std::function<void(const asyncdemo::Event&)> function)
      : function_(std::move(function)) {}
  void take(const asyncdemo::Event& event) override { function_(event); }

 private:
  const std::function<void(const asyncdemo::Event&)> function_;
};

/// Runs the command line's one scenario, as "gather -n 3", in this process on the virtual clock,
/// unless it says `--clock`. `output`, which may be null, is told of its events as well.
///
/// Throws: what the run threw, or one of its outputs; then `output` has been told of all until
///         then.
[[nodiscard]] std::unique_ptr<asyncdemo::RunRecord> record_run(const std::string& command_line,
                                                               asyncdemo::Output* output = nullptr);

/// All nine scenarios, most of them with several options.
[[nodiscard]] const std::vector<std::string>& recorded_command_lines();

}  // namespace asyncdemo_test
