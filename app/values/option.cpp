#include "values/option.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace asyncdemo {
namespace {

/// Returns the size in bytes of the first character of `text`; 0 if it is not valid UTF-8, or is a
/// control character, which a terminal might obey.
std::size_t printable_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return byte(0) < 0x20 || byte(0) == 0x7f ? 0 : 1;
  if (byte(0) < 0xc2 || byte(0) > 0xf4) return 0;  // starts no character
  const std::size_t size = byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
  if (text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  return byte(0) == 0xc2 && byte(1) < 0xa0 ? 0 : size;  // U+0080 to U+009F
}

}  // namespace

bool is_called(const Option& option, std::string_view name) {
  if (name.starts_with("--")) return name.substr(2) == option.text.long_name;
  return name.size() == 2 && name.starts_with('-') && name.substr(1) == option.text.short_name;
}

int parse_count(std::string_view text, Range range) {
  int value = 0;
  // from_chars alone would accept a minus sign.
  const bool starts_with_digit = !text.empty() && text.front() >= '0' && text.front() <= '9';
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = starts_with_digit && end == text.data() + text.size();
  if (!is_number || error != std::errc{} || value < range.low || value > range.high) {
    throw std::invalid_argument(
        fmt::format("is not a whole number from {} to {}", range.low, range.high));
  }
  return value;
}

Option count_option(OptionText text, Range range, int& target) {
  auto set = [range, &target](const std::string& value) { target = parse_count(value, range); };
  return {std::move(text), std::move(set), [&target] { return std::int64_t{target}; }};
}

Option duration_option(OptionText text, Duration& target) {
  auto set = [&target](const std::string& value) { target = parse_short_duration(value); };
  return {std::move(text), std::move(set), [&target] { return target; }};
}

Option duration_option(OptionText text, std::optional<Duration>& target,
                       std::function<Duration()> standard) {
  auto set = [&target](const std::string& value) { target = parse_short_duration(value); };
  return {std::move(text), std::move(set), std::move(standard)};
}

Option flag_option(OptionText text, bool& target) {
  return {std::move(text), [&target](const std::string&) { target = true; },
          [&target] { return target; }};
}

Option file_option(OptionText text, std::optional<std::string>& target) {
  auto set = [&target](const std::string& value) {
    if (value.empty()) throw std::invalid_argument("is not the name of a file");
    if (value.size() > 1 && value.starts_with('-')) {
      throw std::invalid_argument("looks like an option, not a file (write ./-name for a file)");
    }
    target = value;
  };
  Option option{std::move(text), std::move(set)};
  option.takes_file = true;
  return option;
}

std::string in_quotes(std::string_view text) {
  std::string result = "'";
  while (!text.empty()) {
    const std::size_t size = printable_size(text);
    if (size > 0) {
      result += text.substr(0, size);
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return result + "'";
}

void refuse_choice(const std::vector<std::string>& names) {
  throw std::invalid_argument(fmt::format("is not one of {}", fmt::join(names, ", ")));
}

}  // namespace asyncdemo
