#include "session/run_session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <system_error>
#include <utility>

#include "report/chrome_trace.hpp"
#include "report/document.hpp"
#include "report/jsonl.hpp"
#include "report/live.hpp"
#include "report/progress.hpp"
#include "report/summary.hpp"
#include "report/svg.hpp"
#include "report/text.hpp"
#include "report/timeline.hpp"
#include "report/verbose.hpp"
#include "run/run_observer.hpp"
#include "run/run_scenario.hpp"
#include "system/output_file.hpp"
#include "system/process.hpp"
#include "system/streams.hpp"
#include "system/terminal.hpp"

namespace asyncdemo {
namespace {

/// Runs the scenarios of one command in turn and writes all their outputs.
class RunSession {
 public:
  explicit RunSession(const Command& command);

  /// Returns the exit code.
  int run();

 private:
  void run_one(const PlannedRun& planned, RunRecord& run);
  void execute(const PlannedRun& planned, RunRecord& run, RunObserver& observer);
  [[nodiscard]] bool observes() const;
  void report(const RunRecord& run) const;
  void remark(const RunRecord& run) const;
  void report_all();
  void write_pictures();
  void write_document();
  void report_failure();
  void print(std::string_view text) const {
    if (text_ && settings_.quiet < 2) write_stdout(text);
  }
  /// Returns the duration that the axis of the run's chart must cover.
  [[nodiscard]] Duration span_of(const RunRecord& run) const {
    return command_.kind == Command::Kind::compare ? longest_ : run.ideal;
  }
  void print_chart(const RunRecord& run) const {
    print(draw_timeline(run, run.elapsed, span_of(run), style()));
  }
  [[nodiscard]] bool wants_chart() const;
  [[nodiscard]] bool wants_live() const;
  [[nodiscard]] bool wants_table() const;
  /// Reads the locale's files, so call it only if there is something to draw.
  [[nodiscard]] ChartStyle style() const {
    return choose_style(settings_.width, settings_.ascii, settings_.color);
  }
  [[nodiscard]] std::vector<const RunRecord*> runs() const;
  [[nodiscard]] int interrupting_signal() const;
  [[nodiscard]] int exit_code() const;

  const Command& command_;
  const Settings& settings_;
  const bool several_ = command_.kind != Command::Kind::run;
  const bool text_ =
      settings_.format == Format::text && settings_.svg != "-" && settings_.trace != "-";
  const bool chart_ = wants_chart();
  const bool live_ = wants_live();
  std::optional<OutputFile> svg_;
  std::optional<OutputFile> trace_file_;
  std::optional<ChromeTrace> trace_;
  std::optional<Progress> progress_;
  std::deque<RunRecord> runs_;
  bool drawn_ = false;
  Duration longest_{0};  // for the common axis of a comparison
};

RunSession::RunSession(const Command& command) : command_(command), settings_(*command.settings) {
  for (const PlannedRun& planned : command.runs) {
    longest_ = std::max(longest_, planned.scenario->ideal());
  }
  if (!live_ && settings_.quiet < 2) progress_.emplace();
  if (settings_.svg) svg_.emplace(*settings_.svg);
  if (settings_.trace) {
    trace_file_.emplace(*settings_.trace);
    if (svg_ && svg_->is_same_as(*trace_file_)) {
      throw UsageError("--svg and --trace write to the same file; try 'asyncdemo --help'");
    }
    trace_.emplace([this](std::string_view text) { trace_file_->write(text); });
  }
}

bool RunSession::wants_chart() const {
  if (!text_ || settings_.timeline == TimelineChoice::never) return false;
  if (settings_.timeline == TimelineChoice::always) return true;
  if (settings_.quiet > 0) return false;
  if (!several_) return is_terminal(STDOUT_FILENO);
  return command_.kind == Command::Kind::compare;
}

bool RunSession::wants_live() const {
  if (!settings_.live) return false;
  const std::optional<std::string> obstacle = LiveChart::obstacle();
  if (obstacle) complain(fmt::format("--live is ignored: {}", *obstacle));
  return !obstacle;
}

bool RunSession::wants_table() const {
  if (!several_ || settings_.quiet > 0) return false;
  return command_.kind == Command::Kind::all || !(chart_ || live_);
}

bool RunSession::observes() const {
  return chart_ || live_ || settings_.format != Format::text || svg_ || trace_ ||
         settings_.verbose || settings_.stats || settings_.max_late;
}

// --- Running ---

int RunSession::run() {
  record_signals();
  if (wants_table()) print(kTableHead);
  for (const PlannedRun& planned : command_.runs) {
    if (recorded_signal() != 0) break;  // arrived between two runs
    RunRecord& run = runs_.emplace_back();
    plan(run, planned, settings_);
    run_one(planned, run);
    if (run.signal != 0) break;
    report(run);
  }
  progress_.reset();
  report_all();
  return exit_code();
}

void RunSession::run_one(const PlannedRun& planned, RunRecord& run) {
  const bool lines = text_ && settings_.quiet == 0 && !several_;
  RunObserver* current = nullptr;
  TextOutput text;
  JsonLines json_lines(several_ ? run.scenario : "");
  std::optional<LiveChart> live;
  std::optional<VerboseOutput> verbose;

  std::vector<EventSink*> sinks{&run.recording};
  if (live_) {
    const LiveChart::Setup setup{style(), span_of(run), lines,
                                 [&current] { return current->elapsed(); }};
    sinks.push_back(&live.emplace(run, setup));
  } else if (lines) {
    sinks.push_back(&text);
  }
  if (progress_) sinks.push_back(&*progress_);
  if (settings_.format == Format::jsonl) sinks.push_back(&json_lines);
  if (settings_.verbose) sinks.push_back(&verbose.emplace(run));
  if (trace_) sinks.push_back(&*trace_);

  RunObserver observer(run.clock, std::move(sinks));
  current = &observer;
  if (observes()) observer.want_tasks();
  execute(planned, run, observer);
  if (live) live->finish();
}

void RunSession::execute(const PlannedRun& planned, RunRecord& run, RunObserver& observer) {
  const bool real = run.clock == asyncio::ClockKind::real;
  if (progress_) progress_->begin_run(run.scenario, real ? std::optional(run.ideal) : std::nullopt);
  try {
    if (trace_) trace_->begin_run(run.scenario);
    const RunSetup setup{run.clock, settings_.debug, settings_.quiet < 2};
    const Outcome outcome = run_scenario(*planned.scenario, setup, observer);
    observer.rethrow_failure();
    run.elapsed = outcome.elapsed;
    run.signal = outcome.signal;
    run.verdict = run.signal != 0 ? Verdict::interrupted : verdict_of(run);
    if (trace_) trace_->end_run(run.elapsed);
  } catch (...) {
    run.elapsed = observer.elapsed();
    progress_.reset();
    report_failure();
    throw;
  }
}

// --- Reporting ---

void RunSession::report(const RunRecord& run) const {
  if (chart_ && !live_ && command_.kind != Command::Kind::compare) print_chart(run);
  if (wants_table()) print(table_row(run));
  if (!several_) print(fmt::format("done in {}\n", seconds(run.elapsed)));
  remark(run);
}

void RunSession::remark(const RunRecord& run) const {
  if (settings_.stats) {
    const std::string whose = several_ ? run.scenario + ": " : "";
    complain(whose + describe_timers(run.recording.lateness()));
  }
  if (check_failed(run) && settings_.quiet < 2) complain(describe_failure(run));
}

void RunSession::report_all() {
  if (several_ && interrupting_signal() == 0) {
    Duration sum{0};
    for (const RunRecord& run : runs_) sum = plus(sum, run.elapsed);
    if (chart_ && !live_ && command_.kind == Command::Kind::compare) {
      for (const RunRecord& run : runs_) print_chart(run);
    }
    print(fmt::format("done in {}\n", seconds(sum)));
  }
  try {
    write_pictures();
  } catch (...) {
    report_failure();
    throw;
  }
  write_document();
}

/// Writes the pictures and the document of a run that an error has ended. Reports further errors
/// rather than throwing them, because the caller rethrows the first one.
void RunSession::report_failure() {
  runs_.back().verdict = Verdict::failed;
  for (const auto& part : {&RunSession::write_pictures, &RunSession::write_document}) {
    try {
      (this->*part)();
    } catch (const std::system_error& error) {
      if (!stdout_has_failed()) complain(fmt::format("error: {}", error.what()));
    }
  }
}

void RunSession::write_document() {
  if (settings_.format == Format::text || runs_.empty() || stdout_has_failed()) return;
  const std::string document = several_ ? document_of(runs()) : document_of(runs_.back());
  write_stdout(document + '\n');
}

void RunSession::write_pictures() {
  if (svg_ && !std::exchange(drawn_, true)) svg_->write(draw_svg(runs()));
  if (trace_) trace_->finish();
}

std::vector<const RunRecord*> RunSession::runs() const {
  std::vector<const RunRecord*> all;
  all.reserve(runs_.size());
  for (const RunRecord& run : runs_) all.push_back(&run);
  return all;
}

int RunSession::interrupting_signal() const {
  return !runs_.empty() && runs_.back().signal != 0 ? runs_.back().signal : recorded_signal();
}

int RunSession::exit_code() const {
  if (const int signal = interrupting_signal(); signal != 0) return end_by_signal(signal);
  return std::any_of(runs_.begin(), runs_.end(), check_failed) ? kCheckFailed : kSuccess;
}

}  // namespace

int run_session(const Command& command) {
  return RunSession(command).run();
}

}  // namespace asyncdemo
