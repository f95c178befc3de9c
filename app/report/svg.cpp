#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/columns.hpp"
#include "report/svg_axis.hpp"
#include "report/svg_canvas.hpp"
#include "report/svg_legend.hpp"

namespace asyncdemo {
namespace {

constexpr double kWidth = 900;
constexpr double kMargin = 28;
constexpr double kColumnGap = 18;
constexpr double kMarkMargin = 12;  // between a column and the middle of a mark
constexpr double kRowHeight = 28;
constexpr double kRunGap = 30;
constexpr double kBaseline = 4.5;  // of text: how far below the middle of its row
constexpr std::size_t kLongestName = 24;
constexpr std::size_t kLongestTask = 12;

constexpr SvgFont kNameFont{.fixed_width = true};
constexpr SvgFont kTaskFont{.color = svg_color::kFaintText, .fixed_width = true};
constexpr SvgFont kDurationFont{.anchor = "end"};
constexpr SvgFont kScenarioFont{.size = 18, .bold = true};
constexpr SvgFont kFormulaFont{.size = 18};
constexpr SvgFont kLessonFont{.size = 14, .color = svg_color::kFaintText};
constexpr SvgFont kAxisFont{.size = 12, .color = svg_color::kFaintText, .anchor = "middle"};
constexpr SvgFont kCountFont{.size = 12, .color = svg_color::kRunning, .anchor = "middle"};

std::string_view cut_to_px(std::string& text, double width, const SvgFont& font) {
  text = fit(text, static_cast<std::size_t>(width / SvgCanvas::character_px(font)));
  return text;
}

Duration span_of(std::span<const RunRecord* const> runs) {
  Duration span{0};
  for (const RunRecord* const run : runs) {
    span = std::max(span, run->elapsed);
    for (const Row& row : run->recording.drawn_rows()) span = std::max(span, row.end);
  }
  return span;
}

Duration shortest_cycle(std::span<const RunRecord* const> runs) {
  Duration shortest = Duration::max();
  for (const RunRecord* const run : runs) shortest = std::min(shortest, run->interval);
  return shortest;
}

std::string title_of(const RunRecord& run) {
  const std::string elapsed = title_seconds(run.elapsed);
  if (run.verdict == Verdict::interrupted || run.verdict == Verdict::failed) {
    return fmt::format("{} after {} s, planned: {}", to_string(run.verdict), elapsed, run.formula);
  }
  return fmt::format("{} s = {}", elapsed, run.formula);
}

/// Returns "task1 (Task-2): 5.00 s, done, woke 5 times"
std::string description_of(const Row& row, const RunRecord& run, const SvgAxis& axis) {
  const Duration own = row.end_at(run.elapsed) - row.start;
  std::string text =
      fmt::format("{} ({}): {}, {}", row.name, row.task, axis.duration(own), to_string(row.state));
  if (row.wakes == 1) text += ", woke once";
  if (row.wakes > 1) text += fmt::format(", woke {} times", row.wakes);
  return text;
}

/// Wakes at about the same place of the axis.
struct Wakes {
  double x;
  std::uint64_t count;
};

/// Returns the wakes, merged where they are less than `apart` pixels from each other.
std::vector<Wakes> merged(const WakeCounts& awake, const SvgAxis& axis, double apart) {
  std::vector<Wakes> result;
  for (const auto& moment : awake.moments()) {
    const double x = axis.x(moment.at);
    if (result.empty() || x - result.back().x >= apart) {
      result.push_back({x, moment.count});
    } else {
      result.back().count += moment.count;
    }
  }
  return result;
}

bool fit_as_numbers(const std::vector<Wakes>& all) {
  double free_from = 0;
  for (const Wakes& wakes : all) {
    const double half = SvgCanvas::width_px(fmt::format("{}", wakes.count), kCountFont) / 2 + 3;
    if (wakes.x - half < free_from) return false;
    free_from = wakes.x + half;
  }
  return true;
}

/// A picture of runs below each other.
class Picture {
 public:
  explicit Picture(std::span<const RunRecord* const> runs) : runs_(runs), axis_(make_axis(runs)) {}

  std::string draw() {
    for (const RunRecord* const run : runs_) draw_run(*run);
    y_ = legend_.draw(canvas_, kMargin, kWidth - kMargin, y_);
    return canvas_.document(kWidth, y_ + kMargin - 6, title_, description_);
  }

 private:
  SvgAxis make_axis(std::span<const RunRecord* const> runs);

  void draw_run(const RunRecord& run);
  void draw_title(const RunRecord& run);
  void draw_grid(std::size_t rows);
  void draw_names(std::span<const Row> rows, std::size_t folded);
  void draw_row(const RunRecord& run, const Row& row);
  void draw_wakes(const Row& row, double middle);
  void draw_awake(const WakeCounts& awake);
  void draw_histogram(const std::vector<Wakes>& columns, double middle);

  const std::span<const RunRecord* const> runs_;
  double task_x_ = 0;
  const SvgAxis axis_;
  SvgCanvas canvas_;
  double y_ = kMargin;  // where the next element begins
  std::string title_;
  std::string description_;
  SvgLegend legend_;
};

SvgAxis Picture::make_axis(std::span<const RunRecord* const> runs) {
  std::size_t name = 5;  // "awake"
  std::size_t task = 6;
  for (const RunRecord* const run : runs) {
    for (const Row& row : run->recording.drawn_rows()) {
      name = std::max(name, columns_of(row.name));
      task = std::max(task, columns_of(row.task));
    }
  }
  const double column = SvgCanvas::character_px(kNameFont);
  task_x_ = kMargin + static_cast<double>(std::min(name, kLongestName)) * column + kColumnGap;
  const double left =
      task_x_ + static_cast<double>(std::min(task, kLongestTask)) * column + kColumnGap;

  const Duration span = span_of(runs);
  const double longest = SvgCanvas::width_px(SvgAxis(span, {}, 0, 1).duration(span), kDurationFont);
  return {span, shortest_cycle(runs), left + kMarkMargin,
          kWidth - kMargin - longest - kColumnGap - kMarkMargin};
}

void Picture::draw_run(const RunRecord& run) {
  if (&run != runs_.front()) y_ += kRunGap;
  draw_title(run);
  const auto rows = run.recording.drawn_rows();
  const std::size_t folded = run.recording.rows().size() - rows.size();
  draw_grid(rows.size() + (folded > 0 ? 1 : 0));
  draw_names(rows, folded);
  for (const Row& row : rows) draw_row(run, row);
  if (folded > 0) y_ += kRowHeight;
  draw_awake(run.recording.awake());
}

void Picture::draw_title(const RunRecord& run) {
  const double width = kWidth - 2 * kMargin;
  std::string name = run.scenario;
  std::string formula = title_of(run);
  std::string lesson = run.lesson;
  if (!title_.empty()) title_ += "; ";
  title_ += fmt::format("{}: {}", name, formula);
  description_ += fmt::format("{}: {}. {}. ", name, formula, lesson);

  y_ += 14;
  cut_to_px(name, width / 3, kScenarioFont);
  canvas_.text(kMargin, y_, name, kScenarioFont);
  const double formula_x =
      std::max(axis_.left(), kMargin + SvgCanvas::width_px(name, kScenarioFont) + kColumnGap);
  canvas_.text(formula_x, y_, cut_to_px(formula, kWidth - kMargin - formula_x, kFormulaFont),
               kFormulaFont);
  y_ += 22;
  canvas_.text(formula_x, y_, cut_to_px(lesson, kWidth - kMargin - formula_x, kLessonFont),
               kLessonFont);
  y_ += 12;
}

void Picture::draw_grid(std::size_t rows) {
  const double labels = y_ + 16;
  const double top = labels + 8;
  const double bottom = top + static_cast<double>(rows + 1) * kRowHeight;
  for (const auto& mark : axis_.marks(SvgCanvas::character_px(kAxisFont))) {
    canvas_.line(mark.x, top, mark.x, bottom, svg_color::kGrid);
    if (!mark.label.empty()) canvas_.text(mark.x, labels, mark.label, kAxisFont);
  }
  y_ = top;
}

/// Draws the first two columns, which hold only text.
void Picture::draw_names(std::span<const Row> rows, std::size_t folded) {
  double baseline = y_ + kRowHeight / 2 + kBaseline;
  canvas_.begin_fixed_width();
  for (const Row& row : rows) {
    canvas_.text(kMargin, baseline, fit(row.name, kLongestName), kNameFont);
    canvas_.text(task_x_, baseline, fit(row.task, kLongestTask), kTaskFont);
    baseline += kRowHeight;
  }
  if (folded > 0) {
    const std::string text =
        fmt::format("... {} more {} alike", folded, folded == 1 ? "row" : "rows");
    canvas_.text(kMargin, baseline, text, kTaskFont);
    baseline += kRowHeight;
  }
  canvas_.text(kMargin, baseline, "awake", kTaskFont);
  canvas_.text(task_x_, baseline, "loop", kTaskFont);
  canvas_.end_group();
}

void Picture::draw_row(const RunRecord& run, const Row& row) {
  const double middle = y_ + kRowHeight / 2;
  const Duration end = row.end_at(run.elapsed);
  const std::string description = description_of(row, run, axis_);
  description_ += description;
  description_ += ". ";

  canvas_.begin_group(description);
  for (std::size_t index = 0; index < row.changes.size(); ++index) {
    const bool last = index + 1 == row.changes.size();
    const double from = axis_.x(row.changes[index].at);
    const double to = axis_.x(last ? end : row.changes[index + 1].at);
    if (canvas_.segment(row.changes[index].doing, from, to, middle)) {
      legend_.explain(row.changes[index].doing);
    }
  }
  canvas_.start_mark(axis_.x(row.start), middle);
  draw_wakes(row, middle);
  canvas_.end_mark(row.state, axis_.x(end), middle);
  legend_.explain(row.state);
  canvas_.end_group();
  canvas_.text(kWidth - kMargin, middle + kBaseline, axis_.duration(end - row.start),
               kDurationFont);
  y_ += kRowHeight;
}

void Picture::draw_wakes(const Row& row, double middle) {
  constexpr double kApart = 13;
  const auto wakes = static_cast<double>(row.woke.size());
  const double end = axis_.x(row.end);
  if ((end - axis_.x(row.start)) / std::max(wakes, 1.0) < kApart) return;
  std::vector<double> xs;
  for (const Duration at : row.woke) {
    const bool hidden = end - axis_.x(at) < kApart / 2 && row.ended();  // by the end mark
    if (!hidden) xs.push_back(axis_.x(at));
  }
  canvas_.wake_marks(xs, middle);
  if (!xs.empty()) legend_.explain_wakes();
}

// --- Below the rows ---

void Picture::draw_awake(const WakeCounts& awake) {
  const double middle = y_ + kRowHeight / 2;
  canvas_.begin_group("how many coroutines a timer woke");
  const auto together = merged(awake, axis_, 8);
  if (fit_as_numbers(together)) {
    for (const auto& [x, count] : together) {
      canvas_.text(x, middle + kBaseline, fmt::format("{}", count), kCountFont);
    }
  } else {
    draw_histogram(merged(awake, axis_, 4), middle);
  }
  canvas_.end_group();
  y_ += kRowHeight;
}

void Picture::draw_histogram(const std::vector<Wakes>& columns, double middle) {
  constexpr double kWidest = 3;
  constexpr double kHeight = 20;
  std::uint64_t most = 1;
  for (const Wakes& column : columns) most = std::max(most, column.count);
  for (const Wakes& column : columns) {
    const double height = static_cast<double>(column.count) / static_cast<double>(most) * kHeight;
    canvas_.column(column.x, kWidest, std::max(height, 1.0), middle + kHeight / 2);
  }
}

}  // namespace

std::string draw_svg(std::span<const RunRecord* const> runs) {
  return Picture(runs).draw();
}

}  // namespace asyncdemo
