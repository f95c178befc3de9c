#include "report/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "report/axis.hpp"
#include "report/columns.hpp"
#include "values/format_time.hpp"

namespace asyncdemo {
namespace {

/// The content of a column. If several events share a column, the mark listed later wins.
enum class Mark : std::uint8_t {
  blank,
  start,
  sleeping,
  awaiting,
  blocked,
  woke,
  done,
  raised,
  cancelled,
};

struct Glyph {
  std::string_view unicode;
  std::string_view ascii;
  std::string_view color;  ///< the SGR parameter; empty: the default colour
};

/// By Mark.
constexpr std::array kGlyphs{
    Glyph{" ", " ", ""},   Glyph{"├", "|", ""},   Glyph{"━", "-", "36"},
    Glyph{"┄", ".", "90"}, Glyph{"█", "#", "33"}, Glyph{"●", "o", "1"},
    Glyph{"✓", "]", "32"}, Glyph{"✗", "!", "31"}, Glyph{"⊘", "x", "35"},
};

constexpr std::size_t kLessonColumn = 36;
constexpr std::size_t kDurationGap = 2;   // left of the durations
constexpr std::size_t kLeastColumns = 8;  // of the chart itself
constexpr std::uint64_t kMostCounted = 9;

std::string two_decimals(Duration d) {
  return format_time(d, std::chrono::seconds{1}, {2, 2});
}

// --- The marks of a row ---

/// By Doing.
constexpr std::array kDoingMarks{Mark::sleeping, Mark::sleeping, Mark::awaiting, Mark::blocked};

/// By RowState.
constexpr std::array kEndMarks{Mark::blank, Mark::blank, Mark::done, Mark::cancelled, Mark::raised};

/// Returns the mark for the row from its change `index` on. Running is too short to be seen, so it
/// gets the mark of the change that follows.
Mark mark_of_change(const Row& row, std::size_t index) {
  const bool runs = row.changes[index].doing == Doing::running;
  const bool is_last = index + 1 == row.changes.size();
  const Doing doing = row.changes[runs && !is_last ? index + 1 : index].doing;
  return kDoingMarks[static_cast<std::size_t>(doing)];
}

void mark_doings(std::vector<Mark>& marks, const Row& row, const Axis& axis, std::size_t end) {
  for (std::size_t index = 0; index < row.changes.size(); ++index) {
    const std::size_t from = axis.column_of(row.changes[index].at);
    for (std::size_t column = from; column <= end; ++column) {
      marks[column] = mark_of_change(row, index);
    }
  }
  marks[axis.column_of(row.start)] = Mark::start;
}

/// Marks the wakes after which the row went on as before. The others show as changes.
void mark_wakes(std::vector<Mark>& marks, const Row& row, const Axis& axis) {
  if (!axis.has_room_for(row.wakes, row.last_woke - row.start)) return;
  auto change = row.changes.begin();
  for (const Duration woke : row.woke) {
    while (change != row.changes.end() && change->at < woke) ++change;
    if (change != row.changes.end() && change->at == woke) continue;
    marks[axis.column_of(woke)] = Mark::woke;
  }
}

std::vector<Mark> marks_of(const Row& row, const Axis& axis, Duration now) {
  std::vector<Mark> marks(axis.columns(), Mark::blank);
  const std::size_t end = axis.column_of(row.end_at(now));
  mark_doings(marks, row, axis, end);
  if (row.wakes > 0) mark_wakes(marks, row, axis);
  if (row.ended()) marks[end] = kEndMarks[static_cast<std::size_t>(row.state)];
  return marks;
}

std::string draw(std::span<const Mark> marks, const ChartStyle& style) {
  std::string text;
  std::string_view color;
  for (const Mark mark : marks) {
    const Glyph& glyph = kGlyphs[static_cast<std::size_t>(mark)];
    if (style.color && glyph.color != color) {
      if (!color.empty()) text += "\x1b[0m";
      if (!glyph.color.empty()) fmt::format_to(std::back_inserter(text), "\x1b[{}m", glyph.color);
      color = glyph.color;
    }
    text += style.ascii ? glyph.ascii : glyph.unicode;
  }
  if (!color.empty()) text += "\x1b[0m";
  return text;
}

// --- The whole ---

/// The widths of the columns beside the chart, and its axis.
struct Layout {
  std::size_t name;
  std::size_t task;
  std::size_t duration;  ///< 0: there is no room for them
  Axis axis;
};

/// Returns the width of the longest entry and a blank, within limits.
template <class F>
std::size_t width_of(std::span<const Row> rows, std::size_t least, std::size_t most, F text) {
  std::size_t longest = 0;
  for (const Row& row : rows) longest = std::max(longest, columns_of(text(row)) + 1);
  return std::clamp(longest, least, most);
}

class Chart {
 public:
  Chart(const RunRecord& run, Duration now, Duration span, const ChartStyle& style)
      : run_(run), now_(now), style_(style), rows_(drawn_rows()), layout_(lay_out(span)) {}

  std::string text() {
    add(title());
    add(left("", "") + layout_.axis.labels(style_.width - layout_.name - layout_.task));
    for (const Row& row : rows_) add_row(row);
    add_fold();
    add(left("awake", "loop") + wakes());
    return std::move(text_);
  }

 private:
  std::span<const Row> drawn_rows() const {
    const std::span<const Row> drawn = run_.recording.drawn_rows();
    return drawn.first(std::min(drawn.size(), style_.rows));
  }

  /// Leaves out the durations if there is too little room; if that is not enough, cuts the names.
  Layout lay_out(Duration span) const {
    std::size_t name = width_of(rows_, 15, 24, [](const Row& row) { return row.name; });
    const std::size_t task = width_of(rows_, 8, 12, [](const Row& row) { return row.task; });
    std::size_t duration =
        width_of(rows_, 0, style_.width, [this](const Row& row) { return own_duration(row); });
    if (duration > 0) duration += kDurationGap - 1;  // no blank at the end
    if (name + task + duration + kLeastColumns > style_.width) duration = 0;
    name = std::min(name, style_.width - task - kLeastColumns);
    const std::size_t room = style_.width - name - task - duration;
    return {name, task, duration, Axis(std::max(span, now_), run_.interval, room)};
  }

  std::string own_duration(const Row& row) const {
    return two_decimals(row.end_at(now_) - row.start);
  }

  std::string title() const {
    std::string text = fmt::format("{:<10} {:>5} s = {}", run_.scenario, two_decimals(now_),
                                   fit(run_.formula, style_.width, style_.ascii));
    const std::size_t columns = columns_of(text);
    const std::size_t lesson = std::max(kLessonColumn, columns + 3);
    if (!run_.lesson.empty()) text = pad(std::move(text), lesson) + run_.lesson;
    return fit(text, style_.width, style_.ascii);
  }

  /// Returns the columns to the left of the chart.
  std::string left(std::string_view name, std::string_view task) const {
    std::string text = pad(fit(name, layout_.name - 1, style_.ascii), layout_.name);
    text += pad(fit(task, layout_.task - 1, style_.ascii), layout_.task);
    return text;
  }

  void add_row(const Row& row) {
    std::string line = left(row.name, row.task);
    line += draw(marks_of(row, layout_.axis, now_), style_);
    if (layout_.duration > 0) {
      fmt::format_to(std::back_inserter(line), "{:>{}}", own_duration(row), layout_.duration);
    }
    add(std::move(line));
  }

  void add_fold() {
    const std::size_t folded = run_.recording.rows().size() - rows_.size();
    if (folded > 0) add(fmt::format("... {} more row{} alike", folded, folded == 1 ? "" : "s"));
  }

  std::string wakes() const {
    std::vector<std::uint64_t> counts(layout_.axis.columns());
    for (const WakeCounts::Moment& moment : run_.recording.awake().moments()) {
      counts[layout_.axis.column_of(moment.at)] += moment.count;
    }
    std::string text;
    for (const std::uint64_t count : counts) {
      text += count == 0 ? ' ' : count > kMostCounted ? '+' : static_cast<char>('0' + count);
    }
    return text;
  }

  void add(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    text_ += line;
    text_ += '\n';
  }

  const RunRecord& run_;
  const Duration now_;
  const ChartStyle& style_;
  const std::span<const Row> rows_;
  const Layout layout_;
  std::string text_;
};

}  // namespace

std::string draw_timeline(const RunRecord& run, Duration now, Duration span,
                          const ChartStyle& style) {
  return Chart(run, now, span, style).text();
}

}  // namespace asyncdemo
