#include "report/escape.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace asyncdemo {
namespace {

constexpr std::string_view kEllipsis = "\u2026";

/// How many bytes a character has that starts with `lead`; 0: none does.
std::size_t length_by(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

bool is_valid(char32_t character, std::size_t length) {
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xD800 && character < 0xE000;
  return character >= kSmallest[length] && !surrogate && character <= 0x10FFFF;
}

void append_utf8(std::string& out, char32_t character) {
  const auto add = [&out](char32_t byte) { out += static_cast<char>(byte); };
  const auto tail = [&](int shift) { add(0x80 | ((character >> shift) & 0x3F)); };
  if (character < 0x80) {
    add(character);
  } else if (character < 0x800) {
    add(0xC0 | (character >> 6));
    tail(0);
  } else if (character < 0x10000) {
    add(0xE0 | (character >> 12));
    tail(6);
    tail(0);
  } else {
    add(0xF0 | (character >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_control(char32_t character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

/// The East Asian blocks and the pictographs: what a fixed-width font draws two columns wide.
std::size_t width_of(char32_t character) {
  const bool east_asian =
      (character >= 0x1100 && character < 0x1160) || (character >= 0x2E80 && character < 0xA4D0) ||
      (character >= 0xAC00 && character < 0xD7A4) || (character >= 0xF900 && character < 0xFB00) ||
      (character >= 0xFE30 && character < 0xFE70) || (character >= 0xFF00 && character < 0xFF61);
  return east_asian || character >= 0x1F300 ? 2 : 1;
}

void append_json_character(std::string& out, char32_t character) {
  if (character == '"' || character == '\\') {
    out += '\\';
    append_utf8(out, character);
  } else if (character < 0x20 || character == 0x7F) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(character));
  } else {
    append_utf8(out, character);
  }
}

}  // namespace

char32_t take_character(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  const std::size_t length = length_by(lead);
  if (length == 1) return lead;
  if (length == 0 || text.size() < length - 1) return kReplacement;
  char32_t character = lead & (0xFFU >> (length + 1));
  for (std::size_t index = 0; index + 1 < length; ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    if ((byte & 0xC0U) != 0x80U) return kReplacement;
    character = (character << 6) | (byte & 0x3FU);
  }
  if (!is_valid(character, length)) return kReplacement;
  text.remove_prefix(length - 1);
  return character;
}

void append_xml(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const char32_t character = take_character(text);
    if (character == '&') {
      out += "&amp;";
    } else if (character == '<') {
      out += "&lt;";
    } else if (character == '>') {
      out += "&gt;";
    } else if (character == '"') {
      out += "&quot;";
    } else if (is_control(character) || character == 0xFFFE || character == 0xFFFF) {
      append_utf8(out, kReplacement);
    } else {
      append_utf8(out, character);
    }
  }
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) append_json_character(out, take_character(text));
  out += '"';
}

std::string shortened(std::string_view text, std::size_t most) {
  if (character_width(text) <= most) return std::string(text);
  std::string result;
  std::size_t width = 0;
  while (!text.empty()) {
    const char32_t character = take_character(text);
    width += width_of(character);
    if (width >= most) break;
    append_utf8(result, character);
  }
  result += kEllipsis;
  return result;
}

std::size_t character_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += width_of(take_character(text));
  return width;
}

}  // namespace asyncdemo
