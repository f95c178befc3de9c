#include "report/columns.hpp"

#include <algorithm>

namespace asyncdemo {
namespace {

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

/// Returns the first `count` characters of `text`.
std::string_view first(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size() && (!begins_character(text[end]) || count-- > 0)) ++end;
  return text.substr(0, end);
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string fit(std::string_view text, std::size_t most, bool ascii) {
  if (columns_of(text) <= most) return std::string(text);
  const std::string_view ellipsis = first(ascii ? "..." : "…", most);
  std::string cut(first(text, most - columns_of(ellipsis)));
  cut += ellipsis;
  return cut;
}

std::string pad(std::string text, std::size_t columns) {
  const std::size_t taken = columns_of(text);
  if (taken < columns) text.append(columns - taken, ' ');
  return text;
}

}  // namespace asyncdemo
