#include "values/json.hpp"

#include <nlohmann/json.hpp>

#include "values/format_time.hpp"

namespace asyncdemo {

using namespace std::chrono_literals;

std::string json_seconds(Duration d) {
  return format_time(d, 1s, {1, 9});
}

std::string json_ms(Duration d) {
  return format_time(d, 1ms, {1, 6});
}

std::string json_text(std::string_view text) {
  return text.empty() ? "null" : nlohmann::json(text).dump();
}

}  // namespace asyncdemo
