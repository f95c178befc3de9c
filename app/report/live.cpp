#include "report/live.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "report/timeline.hpp"
#include "system/streams.hpp"
#include "system/terminal.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

constexpr TerminalSize kLeastSize{40, 8};

/// Lines on the screen that are not rows: title, axis, fold, awake, the empty line above the chart
/// and a line of the scenario.
constexpr std::size_t kOtherLines = 6;

/// If the loop is about to wait for less than this, the drawing is put off.
constexpr auto kFrame = 20ms;

/// A token bucket limits the drawings: each costs kPrice of time, and up to kCredit may be spent in
/// advance. A burst of events is drawn at once, a flood only once every kPrice.
constexpr auto kPrice = 2ms;
constexpr auto kCredit = 100ms;

}  // namespace

LiveChart::LiveChart(const RunRecord& run, Setup setup) : run_(run), setup_(std::move(setup)) {}

LiveChart::~LiveChart() {
  if (!shown_) return;
  // If stdout cannot be written, that is the error which ends the run anyway.
  try {
    write_stdout(kErase);
  } catch (const std::system_error&) {
    shown_ = false;
  }
}

std::optional<std::string> LiveChart::obstacle() {
  const std::string obstacle = obstacle_to_redrawing(STDOUT_FILENO);
  if (!obstacle.empty()) return "stdout " + obstacle;
  const TerminalSize size = terminal_size(STDOUT_FILENO).value_or(kUsualSize);
  if (size.columns >= kLeastSize.columns && size.lines >= kLeastSize.lines) return std::nullopt;
  return fmt::format("the terminal is smaller than {} x {}", kLeastSize.columns, kLeastSize.lines);
}

// --- Events ---

void LiveChart::take(const Event& event) {
  if (event.kind == Event::Kind::line) {
    if (setup_.lines) write(event.text);
  } else if (event.on_thread && !finished_ && may_draw()) {
    draw({});
  }
}

void LiveChart::pause(Duration until) {
  if (finished_) return;
  if (shown_ && drawn_version_ == run_.recording.version()) return;
  const bool waits = run_.clock == asyncio::ClockKind::real && until - setup_.elapsed() >= kFrame;
  if (waits || Clock::now() - drawn_at_ >= kFrame || (!shown_ && may_draw())) draw({});
}

void LiveChart::interrupt() {
  finished_ = true;
  if (std::exchange(shown_, false)) write_stdout(kErase);
}

void LiveChart::finish() {
  finished_ = true;
  std::string text;
  if (std::exchange(shown_, false)) text += kErase;
  text += draw_timeline(run_, run_.elapsed, setup_.span, setup_.style);
  set_transient(false);
  write_stdout(text);
}

// --- Drawing ---

bool LiveChart::may_draw() const {
  return paid_until_ <= Clock::now() + kCredit;
}

/// Writes a line of the scenario at once. In a flood of lines the chart is not redrawn each time.
void LiveChart::write(std::string_view line) {
  std::string text(line);
  text += '\n';
  if (!finished_ && may_draw()) {
    draw(text);
    return;
  }
  if (std::exchange(shown_, false)) text.insert(0, kErase);
  write_stdout(text);
}

/// Draws the chart with `line` above it; `line` ends with a newline or is empty.
void LiveChart::draw(std::string_view line) {
  std::string text;
  if (shown_) text += kErase;
  text += line;
  const std::string lines = chart();
  if (!lines.empty()) {
    text += '\n';
    text.append(lines, 0, lines.size() - 1);  // a newline at the end would take one more line
    const auto up = std::count(lines.begin(), lines.end(), '\n');
    fmt::format_to(std::back_inserter(text), "\r\x1b[{}A", up);
  }
  shown_ = !lines.empty();
  drawn_version_ = run_.recording.version();
  drawn_at_ = Clock::now();
  paid_until_ = std::max(paid_until_, drawn_at_) + kPrice;
  set_transient(false);  // the text erases the old chart itself
  if (!text.empty()) write_stdout(text);
  set_transient(shown_);
}

/// Returns as much of the chart as the terminal now has room for, or nothing if it is too small.
std::string LiveChart::chart() const {
  const TerminalSize size = terminal_size(STDOUT_FILENO).value_or(kUsualSize);
  if (size.columns < kLeastSize.columns || size.lines < kLeastSize.lines) return {};
  ChartStyle style = setup_.style;
  style.width = std::min(style.width, size.columns);
  style.rows = std::min(style.rows, size.lines - kOtherLines);
  return draw_timeline(run_, setup_.elapsed(), setup_.span, style);
}

}  // namespace asyncdemo
