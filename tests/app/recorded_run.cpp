#include "recorded_run.hpp"

#include <gtest/gtest.h>

#include "parse.hpp"
#include "process.hpp"
#include "run/planned_run.hpp"
#include "run/run_scenario.hpp"

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;

Command parse_line(const std::string& command_line) {
  std::vector<std::string> arguments = words(command_line);
  if (command_line.find("--clock") == std::string::npos) {
    arguments.insert(arguments.end(), {"--clock", "virtual"});
  }
  return parse(arguments);
}

}  // namespace

RecordedRun::RecordedRun(const std::string& command_line) : command_(parse_line(command_line)) {
  plan(record_, command_.runs.at(0), *command_.settings);
}

RecordedRun& RecordedRun::run(std::vector<EventSink*> sinks) {
  sinks.insert(sinks.begin(), &record_.recording);
  observer_ = std::make_unique<RunObserver>(record_.clock, std::move(sinks));
  observer_->want_tasks();
  const RunSetup setup{.clock = record_.clock, .debug = false, .tell_user = false};
  const Outcome outcome = run_scenario(*command_.runs.at(0).scenario, setup, *observer_);
  observer_->rethrow_failure();
  record_.elapsed = outcome.elapsed;
  record_.signal = outcome.signal;
  if (outcome.signal != 0) record_.verdict = Verdict::interrupted;
  return *this;
}

std::string RecordedRun::chart(const ChartStyle& style) const {
  return draw_timeline(record_, record_.elapsed, record_.ideal, style);
}

const std::vector<std::string>& recorded_command_lines() {
  static const std::vector<std::string> lines{
      "single",
      "single -n 1 -i 0",
      "single -n 1 -i 1ns",
      "single -n 2 -i 1h",
      "single -n 20000 -i 1ms",
      "double",
      "double -i 1.5us",
      "parallel",
      "parallel -i 0",
      "gather",
      "gather -t 1",
      "gather -t 50",
      "gather -t 1200 -n 2",
      "cancel",
      "cancel -i 0",
      "cancel --return-exceptions",
      "cancel --raise-at 0",
      "wait",
      "wait --return-when first-completed",
      "wait --timeout 0",
      "wait-for",
      "wait-for --shield",
      "wait-for --timeout 1h",
      "thread",
      "thread --block-cycles 0",
      "thread -i 0",
      "threadsafe",
      "threadsafe --delay 0",
      "threadsafe --clock real -i 2ms",
      "parallel --clock real -i 1ms -n 20",
  };
  return lines;
}

std::vector<std::string> lines_of(std::string_view text) {
  EXPECT_TRUE(text.ends_with('\n')) << text;
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace asyncdemo_test
