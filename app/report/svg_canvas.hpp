#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "run/recording.hpp"

namespace asyncdemo {

/// The colours of a picture: Okabe-Ito's, which everybody can tell apart, and greys that read
/// well on white.
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

/// How a piece of text looks.
struct SvgFont {
  int size = 13;
  std::string_view color = svg_color::kText;
  std::string_view anchor = "start";  ///< start, middle or end: what lies at x
  bool bold = false;
  bool fixed_width = false;  ///< only to be measured; see begin_fixed_width()
};

/// An SVG document in the making: the shapes of which a picture is made. No shape refers to
/// another one, so that the document can be embedded anywhere.
class SvgCanvas {
 public:
  /// What a character of this font takes; text is measured by it. Fixed width, or on average.
  [[nodiscard]] static double character_px(const SvgFont& font);
  [[nodiscard]] static double width_px(std::string_view text, const SvgFont& font);

  void text(double x, double y, std::string_view text, const SvgFont& font);
  void line(double x1, double y1, double x2, double y2, std::string_view color);

  /// Text until end_group() is of fixed width; text() alone cannot make it so.
  void begin_fixed_width();
  /// What a pointer over the shapes until end_group() shows.
  void begin_group(std::string_view title);
  void end_group();

  // What a coroutine does from `x1` to `x2`, on a row whose middle is at `y`.
  // segment(): false where that is too short to be seen.
  bool segment(Doing doing, double x1, double x2, double y);
  void start_mark(double x, double y);
  void wake_marks(std::span<const double> xs, double y);
  /// Told apart by the shape: a tick on a circle, a cross on a diamond, a bar on a circle, and an
  /// empty circle for what has not ended.
  void end_mark(RowState state, double x, double y);
  /// A column of a histogram, standing on `y`.
  void column(double x, double width, double height, double y);

  /// The whole document.
  [[nodiscard]] std::string document(double width, double height, std::string_view title,
                                     std::string_view description) const;

 private:
  void bar(double x1, double x2, double y, std::string_view color);
  void hatch(double x1, double x2, double y);

  std::string body_;
};

}  // namespace asyncdemo
