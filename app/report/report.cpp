#include "report/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <deque>

#include "process.hpp"
#include "report/chrome_trace.hpp"
#include "report/document.hpp"
#include "report/jsonl.hpp"
#include "report/output_file.hpp"
#include "report/progress.hpp"
#include "report/streams.hpp"
#include "report/svg.hpp"
#include "report/text.hpp"
#include "report/timeline.hpp"
#include "report/verbose.hpp"
#include "report/watch.hpp"
#include "run_scenario.hpp"

namespace asyncdemo {
namespace {

std::string parameter_name(const Option& option, const ParameterValue& value) {
  std::string name = option.text.long_name;
  std::replace(name.begin(), name.end(), '-', '_');
  if (std::holds_alternative<Duration>(value)) name += "_s";
  return name;
}

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

std::string ms(Duration d) {
  return fmt::format("{:.3f}", static_cast<double>(d.count()) / 1e6);
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
    return fmt::format("timer-late: {} had a timer {} ms late, allowed {} ms", run.scenario,
                       ms(run.recording.lateness().max()), ms(*run.most_late));
  }
  return describe(run.verdict, {run.expected, *run.tolerance}, run.elapsed, run.scenario);
}

bool check_failed(const RunRecord& run) {
  return run.verdict == Verdict::early || run.verdict == Verdict::late ||
         run.verdict == Verdict::timer_late;
}

/// "gather        5.000  5.004  ok": a row of the table of several runs.
std::string table_row(const RunRecord& run) {
  std::string row =
      fmt::format("{:<12}{:>12}{:>12}", run.scenario, seconds(run.expected), seconds(run.elapsed));
  if (run.verdict != Verdict::none) row += fmt::format("  {}", to_string(run.verdict));
  return row + '\n';
}

constexpr std::string_view kTableHead = "scenario        expected     elapsed\n";

/// The jobs of one command, one after the other, with all that is written of them.
class Session {
 public:
  explicit Session(const Command& command);

  /// Returns the exit code.
  int run();

 private:
  void run_job(const Job& job, RunRecord& run);
  [[nodiscard]] bool observes() const;
  void report(const RunRecord& run) const;
  void remark(const RunRecord& run) const;
  void report_all();
  void write_pictures();
  void write_document() const;
  void print(std::string_view text) const {
    if (text_ && settings_.quiet < 2) write_stdout(text);
  }
  void print_chart(const RunRecord& run, Duration span) const {
    print(draw_timeline(run, run.elapsed, span, style_));
  }
  [[nodiscard]] bool wants_chart() const;
  [[nodiscard]] bool wants_table() const;
  [[nodiscard]] std::vector<const RunRecord*> runs() const;
  [[nodiscard]] int exit_code() const;

  const Command& command_;
  const Settings& settings_;
  const bool several_ = command_.kind != Command::Kind::run;
  const bool text_ =
      settings_.format == Format::text && settings_.svg != "-" && settings_.trace != "-";
  const bool chart_ = wants_chart();
  const ChartStyle style_ = choose_style(settings_.width, settings_.ascii, settings_.color);
  std::optional<OutputFile> svg_;
  std::optional<OutputFile> trace_file_;
  std::optional<ChromeTrace> trace_;
  std::deque<RunRecord> runs_;
  Duration longest_{0};  // what the axis of a comparison must hold
};

Session::Session(const Command& command) : command_(command), settings_(*command.settings) {
  for (const Job& job : command.jobs) longest_ = std::max(longest_, job.scenario->ideal());
  if (settings_.svg) svg_.emplace(*settings_.svg);
  if (settings_.trace) {
    trace_file_.emplace(*settings_.trace);
    trace_.emplace([this](std::string_view text) { trace_file_->write(text); });
  }
}

bool Session::wants_chart() const {
  if (!text_ || settings_.timeline == TimelineChoice::never) return false;
  if (settings_.timeline == TimelineChoice::always) return true;
  if (settings_.quiet > 0) return false;
  if (!several_) return ::isatty(STDOUT_FILENO) != 0;
  return command_.kind == Command::Kind::compare;
}

bool Session::wants_table() const {
  if (!several_ || settings_.quiet > 0) return false;
  return command_.kind == Command::Kind::all || !chart_;
}

bool Session::observes() const {
  return chart_ || settings_.live || settings_.format != Format::text || svg_ || trace_ ||
         settings_.verbose || settings_.stats || settings_.max_late;
}

// --- Running ---

int Session::run() {
  if (wants_table()) print(kTableHead);
  for (const Job& job : command_.jobs) {
    RunRecord& run = runs_.emplace_back();
    plan(run, job, settings_);
    run_job(job, run);
    if (run.signal != 0) break;
    report(run);
  }
  report_all();
  return exit_code();
}

void Session::run_job(const Job& job, RunRecord& run) {
  const bool lines = text_ && settings_.quiet == 0 && !several_;
  const bool real = run.clock == asyncio::ClockKind::real;
  TextOutput text;
  JsonLines json_lines(several_ ? run.scenario : "");
  Progress progress(run.scenario, real ? std::optional(run.ideal) : std::nullopt, lines);
  std::optional<VerboseOutput> verbose;
  if (settings_.verbose) verbose.emplace(run);

  std::vector<Output*> outputs{&run.recording};
  if (settings_.quiet < 2) outputs.push_back(&progress);
  if (lines) outputs.push_back(&text);
  if (settings_.format == Format::jsonl) outputs.push_back(&json_lines);
  if (verbose) outputs.push_back(&*verbose);
  if (trace_) outputs.push_back(&*trace_);

  Watch watch(run.clock, std::move(outputs));
  if (observes()) watch.want_tasks();
  if (trace_) trace_->begin_run(run.scenario);
  try {
    const RunSetup setup{run.clock, settings_.debug, settings_.quiet < 2};
    const Outcome outcome = run_scenario(*job.scenario, setup, watch);
    watch.rethrow_failure();
    run.elapsed = outcome.elapsed;
    run.signal = outcome.signal;
    run.verdict = run.signal != 0 ? Verdict::interrupted : verdict_of(run);
  } catch (...) {
    progress.end();
    run.elapsed = watch.elapsed();
    run.verdict = Verdict::failed;
    if (trace_) trace_->end_run(run.elapsed);
    if (!watch.failed()) report_all();
    throw;
  }
  if (trace_) trace_->end_run(run.elapsed);
}

// --- Reporting ---

void Session::report(const RunRecord& run) const {
  if (chart_ && command_.kind != Command::Kind::compare) print_chart(run, run.ideal);
  if (wants_table()) print(table_row(run));
  if (!several_) print(fmt::format("done in {}\n", seconds(run.elapsed)));
  remark(run);
}

void Session::remark(const RunRecord& run) const {
  if (settings_.stats) {
    const std::string whose = several_ ? run.scenario + ": " : "";
    complain(whose + describe_timers(run.recording.lateness()));
  }
  if (check_failed(run) && settings_.quiet < 2) complain(describe_failure(run));
}

void Session::report_all() {
  const bool ended_well = runs_.back().verdict != Verdict::failed && runs_.back().signal == 0;
  if (several_ && ended_well) {
    Duration sum{0};
    for (const RunRecord& run : runs_) sum = plus(sum, run.elapsed);
    if (chart_ && command_.kind == Command::Kind::compare) {
      for (const RunRecord& run : runs_) print_chart(run, longest_);
    }
    print(fmt::format("done in {}\n", seconds(sum)));
  }
  if (settings_.format != Format::text) write_document();
  write_pictures();
}

void Session::write_document() const {
  const std::string document = several_ ? document_of(runs()) : document_of(runs_.back());
  write_stdout(document + '\n');
}

void Session::write_pictures() {
  if (svg_) svg_->write(draw_svg(runs()));
  if (trace_) trace_->finish();
}

std::vector<const RunRecord*> Session::runs() const {
  std::vector<const RunRecord*> all;
  for (const RunRecord& run : runs_) all.push_back(&run);
  return all;
}

int Session::exit_code() const {
  if (const int signal = runs_.back().signal; signal != 0) return end_by_signal(signal);
  return std::any_of(runs_.begin(), runs_.end(), check_failed) ? kCheckFailed : kSuccess;
}

}  // namespace

int run_jobs(const Command& command) {
  return Session(command).run();
}

}  // namespace asyncdemo
