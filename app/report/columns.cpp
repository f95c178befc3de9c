#include "report/columns.hpp"

#include <algorithm>
#include <array>

namespace asyncdemo {
namespace {

/// A character at the start of a text.
struct Symbol {
  std::string_view bytes;
  std::size_t columns = 1;
  bool printable = true;
};

struct Range {
  char32_t first;
  char32_t last;
};

// The blocks that matter; whole tables of Unicode would be out of proportion.
constexpr std::array kNarrowest{Range{0x300, 0x36f}, Range{0x200b, 0x200f}, Range{0xfe00, 0xfe0f}};
constexpr std::array kWide{
    Range{0x1100, 0x115f},   Range{0x2e80, 0xa4cf},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff},   Range{0xfe30, 0xfe6f},   Range{0xff01, 0xff60},
    Range{0xffe0, 0xffe6},   Range{0x1f300, 0x1f64f}, Range{0x1f900, 0x1f9ff},
    Range{0x20000, 0x3fffd},
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return range.first <= c && c <= range.last; });
}

/// How many bytes a character has that begins with `lead`; 0: it cannot begin one.
std::size_t length_after(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/// REQUIRES: `text` is not empty.
Symbol first_symbol(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = length_after(lead);
  if (length == 1) return {text.substr(0, 1), 1, lead >= 0x20 && lead != 0x7f};
  if (length == 0 || text.size() < length) return {text.substr(0, 1), 1, false};
  char32_t c = lead & (0x7fU >> length);
  for (std::size_t index = 1; index < length; ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    if ((byte & 0xc0U) != 0x80U) return {text.substr(0, 1), 1, false};
    c = (c << 6U) | (byte & 0x3fU);
  }
  const std::string_view bytes = text.substr(0, length);
  if (c < 0xa0) return {bytes, 1, false};
  return {bytes, is_in(kNarrowest, c) ? 0U : is_in(kWide, c) ? 2U : 1U, true};
}

/// Takes the first character away from `text`.
Symbol take_symbol(std::string_view& text) {
  const Symbol symbol = first_symbol(text);
  text.remove_prefix(symbol.bytes.size());
  return symbol;
}

std::string printable(std::string_view text, bool ascii) {
  std::string shown;
  while (!text.empty()) {
    const Symbol symbol = take_symbol(text);
    const bool foreign = ascii && symbol.bytes.size() > 1;
    shown += symbol.printable && !foreign ? symbol.bytes : std::string_view("?");
  }
  return shown;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) columns += take_symbol(text).columns;
  return columns;
}

std::string fit(std::string_view text, std::size_t most, bool ascii) {
  std::string whole = printable(text, ascii);
  if (columns_of(whole) <= most) return whole;
  const std::string_view ellipsis = ascii ? std::string_view("...").substr(0, most) : "…";
  if (most == 0) return {};
  const std::size_t room = most - columns_of(ellipsis);
  std::string cut;
  std::size_t columns = 0;
  for (std::string_view rest = whole; !rest.empty();) {
    const Symbol symbol = take_symbol(rest);
    columns += symbol.columns;
    if (columns > room) break;
    cut += symbol.bytes;
  }
  cut += ellipsis;
  return cut;
}

std::string pad(std::string text, std::size_t columns) {
  const std::size_t taken = columns_of(text);
  if (taken < columns) text.append(columns - taken, ' ');
  return text;
}

}  // namespace asyncdemo
