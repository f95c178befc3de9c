#include "values/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "values/format_time.hpp"

namespace asyncdemo {
namespace {

/// The number of the schema. Stays the same if members are only added.
constexpr int kSchema = 1;

}  // namespace

JsonWriter& JsonWriter::begin(char bracket) {
  literal({&bracket, 1});
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::begin_document() {
  return begin('{').member("schema", kSchema).member("version", ASYNCDEMO_VERSION);
}

JsonWriter& JsonWriter::key(std::string_view name) {
  value(name);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
  if (!std::ranges::all_of(text, is_plain)) return literal(nlohmann::json(text).dump());
  literal("\"");
  out_.append(text) += '"';
  return *this;
}

JsonWriter& JsonWriter::value(Duration time) {
  return literal(format_time(time, std::chrono::seconds{1}, {1, 9}));
}

JsonWriter& JsonWriter::literal(std::string_view json) {
  if (std::exchange(needs_comma_, true)) out_ += ',';
  out_ += json;
  return *this;
}

}  // namespace asyncdemo
