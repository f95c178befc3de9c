#include "report/svg_legend.hpp"

#include <utility>

namespace asyncdemo {
namespace {

constexpr SvgFont kFont{.size = 12, .color = svg_color::kFaintText};
constexpr double kBar = 30;  // widths of symbols
constexpr double kMark = 18;
constexpr double kTextGap = 8;
constexpr double kEntryGap = 22;
constexpr double kLine = 24;

constexpr std::array<std::pair<Doing, std::string_view>, 4> kDoings{{
    {Doing::running, "running"},
    {Doing::sleeping, "sleeping"},
    {Doing::awaiting, "awaiting"},
    {Doing::blocked, "thread blocked"},
}};

constexpr std::array kStates{RowState::done, RowState::cancelled, RowState::raised,
                             RowState::unfinished};

/// The entries of the legend, set one after another.
class Line {
 public:
  Line(SvgCanvas& canvas, double left, double right, double y)
      : canvas_(canvas), left_(left), right_(right), x_(left), y_(y) {}

  [[nodiscard]] double y() const { return y_; }

  /// Adds `text` with room for a symbol before it. Returns where the symbol begins.
  double add(std::string_view text, double symbol) {
    const double width = symbol + kTextGap + SvgCanvas::width_px(text, kFont);
    if (x_ + width > right_) {
      x_ = left_;
      y_ += kLine;
    }
    canvas_.text(x_ + symbol + kTextGap, y_ + 4, text, kFont);
    return std::exchange(x_, x_ + width + kEntryGap);
  }

 private:
  SvgCanvas& canvas_;
  double left_;
  double right_;
  double x_;
  double y_;
};

}  // namespace

void SvgLegend::explain(RowState state) {
  const bool open = state == RowState::blocked;
  states_[static_cast<std::size_t>(open ? RowState::unfinished : state)] = true;
}

double SvgLegend::draw(SvgCanvas& canvas, double left, double right, double y) const {
  canvas.line(left, y + 14, right, y + 14, svg_color::kGrid);
  Line line(canvas, left, right, y + 34);
  for (const auto& [doing, text] : kDoings) {
    if (!doings_[static_cast<std::size_t>(doing)]) continue;
    const double x = line.add(text, kBar);
    canvas.segment(doing, x, x + kBar, line.y());
  }
  if (wakes_) {
    const double x = line.add("woke", kMark) + kMark / 2;
    canvas.wake_marks({&x, 1}, line.y());
  }
  for (const RowState state : kStates) {
    if (!states_[static_cast<std::size_t>(state)]) continue;
    const double x = line.add(to_string(state), kMark) + kMark / 2;
    canvas.end_mark(state, x, line.y());
  }
  return line.y();
}

}  // namespace asyncdemo
