#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "run/recording.hpp"

namespace asyncdemo {

/// The colours of a picture: the Okabe-Ito palette, which colour-blind readers can distinguish, and
/// greys that are easy to read on white.
namespace svg_color {
inline constexpr std::string_view kText = "#1f2328";
inline constexpr std::string_view kFaintText = "#57606a";
inline constexpr std::string_view kGrid = "#e4e8ec";
inline constexpr std::string_view kFrame = "#d0d7de";
inline constexpr std::string_view kSleeping = "#56b4e9";
inline constexpr std::string_view kRunning = "#0072b2";
inline constexpr std::string_view kBlocked = "#e69f00";
inline constexpr std::string_view kHatch = "#7a5500";
inline constexpr std::string_view kAwaiting = "#57606a";
inline constexpr std::string_view kWake = "#0072b2";
inline constexpr std::string_view kDone = "#009e73";
inline constexpr std::string_view kRaised = "#d55e00";
inline constexpr std::string_view kCancelled = "#cc79a7";
}  // namespace svg_color

/// The look of a piece of text.
struct SvgFont {
  int size = 13;
  std::string_view color = svg_color::kText;
  std::string_view anchor = "start";  ///< the part of the text at x: start, middle, end
  bool bold = false;
  bool fixed_width = false;  ///< for measuring only; see begin_fixed_width()
};

/// An SVG document under construction. No shape refers to another one, so the document can be
/// embedded anywhere.
class SvgCanvas {
 public:
  /// Returns the width of a character, or the average if it varies. Text is measured with it.
  [[nodiscard]] static double character_px(const SvgFont& font);
  [[nodiscard]] static double width_px(std::string_view text, const SvgFont& font);

  void text(double x, double y, std::string_view text, const SvgFont& font);
  void line(double x1, double y1, double x2, double y2, std::string_view color);

  /// Begins a group of text in a fixed-width font, which SvgFont alone does not select.
  void begin_fixed_width();
  /// Begins a group of shapes that show `title` under the pointer.
  void begin_group(std::string_view title);
  void end_group();

  // In the following, `y` is the middle of a row.

  /// Draws what a coroutine does from `x1` to `x2`. Returns false if that is too short to be seen.
  bool segment(Doing doing, double x1, double x2, double y);
  void start_mark(double x, double y);
  void wake_marks(std::span<const double> xs, double y);
  /// Draws a shape for each state: a tick on a circle, a cross on a diamond, a bar on a circle, or
  /// an empty circle if the row has not ended.
  void end_mark(RowState state, double x, double y);
  /// Draws a column of a histogram with its foot at `y`.
  void column(double x, double width, double height, double y);

  /// Returns the whole document.
  [[nodiscard]] std::string document(double width, double height, std::string_view title,
                                     std::string_view description) const;

 private:
  void bar(double x1, double x2, double y, std::string_view color);
  void hatch(double x1, double x2, double y);

  std::string body_;
};

}  // namespace asyncdemo
