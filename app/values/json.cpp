#include "values/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace asyncdemo {
namespace {

/// `count` of so many-th parts as a decimal fraction: "0.31", "5.0".
std::string decimal(std::int64_t count, std::int64_t parts, int digits) {
  std::string text = fmt::format("{}.{:0{}}", count / parts, count % parts, digits);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text += '0';
  return text;
}

}  // namespace

std::string json_seconds(Duration d) {
  return decimal(d.count(), 1'000'000'000, 9);
}

std::string json_ms(Duration d) {
  return decimal(d.count(), 1'000'000, 6);
}

std::string json_text(std::string_view text) {
  return text.empty() ? "null" : nlohmann::json(text).dump();
}

}  // namespace asyncdemo
