#include "report/report.hpp"

#include <fmt/format.h>

#include "process.hpp"
#include "report/streams.hpp"
#include "report/text.hpp"
#include "report/watch.hpp"
#include "run_scenario.hpp"

namespace asyncdemo {

int run_jobs(const Command& command) {
  const Settings& settings = *command.settings;
  for (const Job& job : command.jobs) {
    TextOutput text;
    std::vector<Output*> outputs;
    if (settings.quiet == 0) outputs.push_back(&text);
    Watch watch(clock_of(settings), outputs);
    const RunSetup setup{clock_of(settings), settings.debug, settings.quiet < 2};
    const Outcome outcome = run_scenario(*job.scenario, setup, watch);
    if (outcome.signal != 0) return end_by_signal(outcome.signal);
    watch.rethrow_failure();
    if (settings.quiet < 2) write_stdout(fmt::format("done in {}\n", seconds(outcome.elapsed)));
    if (!job.check) continue;
    const Verdict verdict = judge(*job.check, outcome.elapsed);
    if (verdict == Verdict::ok) continue;
    if (settings.quiet < 2) complain(describe(verdict, *job.check, outcome.elapsed, job.name));
    return kCheckFailed;
  }
  return kSuccess;
}

}  // namespace asyncdemo
