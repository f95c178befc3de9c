#include "report/summary.hpp"

#include <fmt/format.h>

#include "values/format_time.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

std::string ms(Duration d) {
  return format_time(d, 1ms, {3, 3});
}

std::string exact_ms(Duration d) {
  return format_time(d, 1ms, {6, 6});
}

}  // namespace

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
    // Three decimals are easier to read, unless they hide the difference.
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
