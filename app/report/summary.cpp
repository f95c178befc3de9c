#include "report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asyncdemo {
namespace {

std::string parameter_name(const Option& option, const ParameterValue& value) {
  std::string name = option.text.long_name;
  std::replace(name.begin(), name.end(), '-', '_');
  if (std::holds_alternative<Duration>(value)) name += "_s";
  return name;
}

std::string ms(Duration d) {
  return fmt::format("{:.3f}", static_cast<double>(d.count()) / 1e6);
}

std::string exact_ms(Duration d) {
  return fmt::format("{:.6f}", static_cast<double>(d.count()) / 1e6);
}

}  // namespace

void plan(RunRecord& run, const Job& job, const Settings& settings) {
  run.scenario = job.name;
  run.clock = clock_of(settings);
  run.parameters = {{"cycles", std::int64_t{settings.cycles}}, {"interval_s", settings.interval}};
  for (const Option& option : job.options) {
    const ParameterValue value = option.value();
    run.parameters.push_back({parameter_name(option, value), value});
  }
  run.interval = settings.interval;
  run.ideal = job.scenario->ideal();
  run.expected = job.check ? job.check->expected : run.ideal;
  if (job.check) run.tolerance = job.check->tolerance;
  run.most_late = settings.max_late;
  run.formula = job.scenario->formula();
  run.lesson = job.scenario->lesson();
}

std::string describe_timers(const Lateness& lateness) {
  return fmt::format("timers {} late ms mean {} p99 {} max {}", lateness.count(),
                     ms(lateness.mean()), ms(lateness.percentile(99)), ms(lateness.max()));
}

Verdict verdict_of(const RunRecord& run) {
  const bool timers_late = run.most_late && run.recording.lateness().max() > *run.most_late;
  Verdict verdict = Verdict::none;
  if (run.tolerance) verdict = judge({run.expected, *run.tolerance}, run.elapsed);
  if (verdict == Verdict::early || verdict == Verdict::late) return verdict;
  if (timers_late) return Verdict::timer_late;
  return run.most_late ? Verdict::ok : verdict;
}

std::string describe_failure(const RunRecord& run) {
  if (run.verdict == Verdict::timer_late) {
    const Duration late = run.recording.lateness().max();
    // Microseconds are enough to read, unless they hide the very difference.
    const auto text = ms(late) == ms(*run.most_late) ? exact_ms : ms;
    return fmt::format("timer-late: {} had a timer {} ms late, allowed {} ms", run.scenario,
                       text(late), text(*run.most_late));
  }
  return describe(run.verdict, {run.expected, *run.tolerance}, run.elapsed, run.scenario);
}

bool check_failed(const RunRecord& run) {
  return run.verdict == Verdict::early || run.verdict == Verdict::late ||
         run.verdict == Verdict::timer_late;
}

std::string table_row(const RunRecord& run) {
  std::string row =
      fmt::format("{:<12}{:>12}{:>12}", run.scenario, seconds(run.expected), seconds(run.elapsed));
  if (run.verdict != Verdict::none) row += fmt::format("  {}", to_string(run.verdict));
  return row + '\n';
}

}  // namespace asyncdemo
