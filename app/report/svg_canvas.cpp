#include "report/svg_canvas.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/columns.hpp"

namespace asyncdemo {
namespace {

constexpr double kBarHalf = 6;  // half the height of a bar

/// Writes pixels with at most one decimal: a tenth of a pixel is fine enough.
std::string px(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

void append_xml(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

double SvgCanvas::character_px(const SvgFont& font) {
  const double share = font.fixed_width ? 0.61 : font.bold ? 0.57 : 0.53;
  return share * font.size;
}

double SvgCanvas::width_px(std::string_view text, const SvgFont& font) {
  return static_cast<double>(columns_of(text)) * character_px(font);
}

void SvgCanvas::text(double x, double y, std::string_view text, const SvgFont& font) {
  body_ += fmt::format(R"(<text x="{}" y="{}" font-size="{}")", px(x), px(y), font.size);
  if (font.color != svg_color::kText) body_ += fmt::format(R"( fill="{}")", font.color);
  if (font.anchor != "start") body_ += fmt::format(R"( text-anchor="{}")", font.anchor);
  if (font.bold) body_ += R"( font-weight="600")";
  body_ += '>';
  append_xml(body_, text);
  body_ += "</text>\n";
}

void SvgCanvas::line(double x1, double y1, double x2, double y2, std::string_view color) {
  body_ += fmt::format("<path d=\"M{} {}L{} {}\" stroke=\"{}\"/>\n", px(x1), px(y1), px(x2), px(y2),
                       color);
}

void SvgCanvas::begin_fixed_width() {
  body_ += R"(<g font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace">)";
  body_ += '\n';
}

void SvgCanvas::begin_group(std::string_view title) {
  body_ += "<g><title>";
  append_xml(body_, title);
  body_ += "</title>\n";
}

void SvgCanvas::end_group() {
  body_ += "</g>\n";
}

// --- A row ---

bool SvgCanvas::segment(Doing doing, double x1, double x2, double y) {
  constexpr double kVisible = 0.25;
  if (x2 - x1 < kVisible) return false;
  switch (doing) {
    case Doing::running:
      bar(x1, x2, y, svg_color::kRunning);
      break;
    case Doing::sleeping:
      bar(x1, x2, y, svg_color::kSleeping);
      break;
    case Doing::blocked:
      bar(x1, x2, y, svg_color::kBlocked);
      hatch(x1, x2, y);
      break;
    case Doing::awaiting:
      body_ += fmt::format(
          "<path d=\"M{} {}H{}\" stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"2 4\"/>\n",
          px(x1), px(y), px(x2), svg_color::kAwaiting);
      break;
  }
  return true;
}

void SvgCanvas::bar(double x1, double x2, double y, std::string_view color) {
  body_ += fmt::format("<path d=\"M{} {}H{}V{}H{}z\" fill=\"{}\"/>\n", px(x1), px(y - kBarHalf),
                       px(x2), px(y + kBarHalf), px(x1), color);
}

/// Draws each line separately: an SVG pattern would be shorter, but needs a reference.
void SvgCanvas::hatch(double x1, double x2, double y) {
  constexpr double kDistance = 8;
  constexpr double kHeight = 2 * kBarHalf;
  if (x2 - x1 < kHeight) return;
  std::string path;
  for (double x = x1; x + kHeight <= x2; x += kDistance) {
    path += fmt::format("M{} {}l{} -{}", px(x), px(y + kBarHalf), kHeight, kHeight);
  }
  body_ +=
      fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/>\n", path, svg_color::kHatch);
}

void SvgCanvas::start_mark(double x, double y) {
  body_ += fmt::format("<path d=\"M{} {}v{}\" stroke=\"{}\" stroke-width=\"2.5\"/>\n", px(x),
                       px(y - kBarHalf - 2), 2 * kBarHalf + 4, svg_color::kText);
}

void SvgCanvas::wake_marks(std::span<const double> xs, double y) {
  if (xs.empty()) return;
  body_ += R"(<path d=")";
  for (const double x : xs) {
    body_ += fmt::format("M{} {}a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", px(x - 4), px(y));
  }
  body_ += fmt::format(R"(" fill="#fff" stroke="{}" stroke-width="2.5"/>)", svg_color::kWake);
  body_ += '\n';
}

void SvgCanvas::end_mark(RowState state, double x, double y) {
  const auto shape = [&](std::string_view fill, std::string_view outline) {
    body_ +=
        fmt::format(R"(<path d="M{} {}{}" fill="{}" stroke="#fff"/>)", px(x), px(y), outline, fill);
  };
  const auto glyph = [&](std::string_view color, std::string_view path) {
    body_ +=
        fmt::format("<path d=\"M{} {}{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.2\"/>\n",
                    px(x), px(y), path, color);
  };
  constexpr std::string_view kCircle = "m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0z";
  switch (state) {
    case RowState::done:
      shape(svg_color::kDone, kCircle);
      glyph("#fff", "m-4 .5l3 3l5.5 -6.5");
      break;
    case RowState::raised:
      shape(svg_color::kRaised, "m0 -10.5l10.5 10.5l-10.5 10.5l-10.5 -10.5z");
      glyph("#fff", "m-3.5 -3.5l7 7m0 -7l-7 7");
      break;
    case RowState::cancelled:
      shape(svg_color::kCancelled, kCircle);
      glyph(svg_color::kText, "m-4.5 4.5l9 -9");
      break;
    case RowState::unfinished:
    case RowState::blocked:
      body_ += fmt::format(
          "<circle cx=\"{}\" cy=\"{}\" r=\"6\" fill=\"#fff\" stroke=\"{}\" "
          "stroke-width=\"2\"/>\n",
          px(x), px(y), svg_color::kFaintText);
      break;
  }
}

void SvgCanvas::column(double x, double width, double height, double y) {
  body_ += fmt::format("<path d=\"M{} {}v-{}h{}v{}z\" fill=\"{}\"/>\n", px(x), px(y), px(height),
                       px(width), px(height), svg_color::kWake);
}

// --- The document ---

std::string SvgCanvas::document(double width, double height, std::string_view title,
                                std::string_view description) const {
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" )"
      R"(role="img" aria-labelledby="asyncdemo-title asyncdemo-desc" fill="{2}" )"
      R"(font-family="system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif">)",
      px(width), px(height), svg_color::kText);
  out += "\n<title id=\"asyncdemo-title\">";
  append_xml(out, title);
  out += "</title>\n<desc id=\"asyncdemo-desc\">";
  append_xml(out, description);
  out += "</desc>\n";
  out +=
      fmt::format(R"(<rect x=".5" y=".5" width="{}" height="{}" rx="12" fill="#fff" stroke="{}"/>)",
                  px(width - 1), px(height - 1), svg_color::kFrame);
  out += '\n';
  out += body_;
  out += "</svg>\n";
  return out;
}

}  // namespace asyncdemo
