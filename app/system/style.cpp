#include "system/style.hpp"

#include <langinfo.h>
#include <locale.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "system/terminal.hpp"

namespace asyncdemo {
namespace {

constexpr std::size_t kLeastWidth = 40;

/// Returns a variable of the environment; empty if it is not set.
std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::optional<std::size_t> width_from_environment() {
  const std::string_view text = variable("COLUMNS");
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  if (error != std::errc() || end != text.data() + text.size() || width == 0) return std::nullopt;
  return width;
}

std::size_t choose_width(std::optional<int> asked) {
  if (asked) return static_cast<std::size_t>(std::max(*asked, 0));
  if (const auto size = terminal_size(STDOUT_FILENO)) return size->columns;
  return width_from_environment().value_or(kUsualSize.columns);
}

bool choose_color(ColorChoice asked) {
  if (asked != ColorChoice::automatic) return asked == ColorChoice::always;
  if (!variable("NO_COLOR").empty()) return false;
  if (const auto force = variable("FORCE_COLOR"); !force.empty()) return force != "0";
  return variable("TERM") != "dumb" && is_terminal(STDOUT_FILENO);
}

/// Returns true if the user's character set is UTF-8. Leaves the process's locale as it is.
bool takes_utf8() {
  const locale_t users = ::newlocale(LC_CTYPE_MASK, "", locale_t{});
  if (users == locale_t{}) return false;  // the locale is not installed
  const std::string_view codeset = ::nl_langinfo_l(CODESET, users);
  const bool utf8 = codeset == "UTF-8" || codeset == "utf8";
  ::freelocale(users);
  return utf8;
}

}  // namespace

ChartStyle choose_style(std::optional<int> width, bool ascii, ColorChoice color) {
  ChartStyle style;
  style.width = std::max(choose_width(width), kLeastWidth);
  style.ascii = ascii || !takes_utf8();
  style.color = choose_color(color);
  return style;
}

}  // namespace asyncdemo
