#include <exception>
#include <string>

#include "cli.hpp"
#include "process.hpp"
#include "report/output.hpp"
#include "run_scenario.hpp"

namespace asyncdemo {
namespace {

int verdict(const Command& command, Duration elapsed, const TextReport& report) {
  if (!command.check) return kSuccess;
  const Verdict verdict = judge(*command.check, elapsed);
  if (verdict == Verdict::ok) return kSuccess;
  report.remark(describe(verdict, *command.check, elapsed, command.name));
  return kCheckFailed;
}

int run(const Command& command) {
  TextReport report(command.settings->quiet);
  const Outcome outcome = run_scenario(*command.scenario, command.settings->clock, report);
  if (outcome.signal != 0) return end_by_signal(outcome.signal);
  report.done(outcome.elapsed);
  return verdict(command, outcome.elapsed, report);
}

int guarded_main(int argc, char** argv) try {
  const Command command = parse_command_line(argc, argv);
  if (command.scenario) return run(command);
  write_stdout(command.text);
  return kSuccess;
} catch (const UsageError& error) {
  complain(std::string("error: ") + error.what());
  return kUsage;
} catch (const std::exception& error) {
  complain(std::string("error: ") + error.what());
  return kFailure;
}

}  // namespace
}  // namespace asyncdemo

int main(int argc, char** argv) {
  asyncdemo::prepare_process();
  return asyncdemo::guarded_main(argc, argv);
}
