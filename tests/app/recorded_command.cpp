#include "recorded_command.hpp"

#include <vector>

#include "cli.hpp"
#include "process.hpp"
#include "report/watch.hpp"
#include "run_scenario.hpp"

namespace asyncdemo_test {
namespace {

asyncdemo::Command parse_line(const std::string& command_line) {
  std::string line = "asyncdemo " + command_line;
  if (line.find("--clock") == std::string::npos) line += " --clock virtual";
  const std::vector<std::string> arguments = words(line);
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return asyncdemo::parse_command_line(static_cast<int>(argv.size()), argv.data());
}

}  // namespace

std::unique_ptr<asyncdemo::RunRecord> record_run(const std::string& command_line,
                                                 asyncdemo::Output* output) {
  const asyncdemo::Command command = parse_line(command_line);
  const asyncdemo::Job& job = command.jobs.at(0);
  auto record = std::make_unique<asyncdemo::RunRecord>();
  record->scenario = job.name;
  record->interval = command.settings->interval;
  record->expected = job.scenario->ideal();
  record->formula = job.scenario->formula();
  record->lesson = job.scenario->lesson();

  std::vector<asyncdemo::Output*> outputs{&record->recording};
  if (output != nullptr) outputs.push_back(output);
  const auto clock = asyncdemo::clock_of(*command.settings);
  asyncdemo::Watch watch(clock, outputs);
  watch.want_tasks();
  const asyncdemo::RunSetup setup{.clock = clock, .debug = false, .tell_user = false};
  const asyncdemo::Outcome outcome = asyncdemo::run_scenario(*job.scenario, setup, watch);
  watch.rethrow_failure();

  record->elapsed = outcome.elapsed;
  record->signal = outcome.signal;
  if (outcome.signal != 0) record->verdict = asyncdemo::Verdict::interrupted;
  return record;
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

}  // namespace asyncdemo_test
