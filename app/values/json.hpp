#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "values/duration.hpp"

namespace asyncdemo {

/// Returns `text`, or nothing if it is empty, for a member that is then null.
[[nodiscard]] inline std::optional<std::string_view> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// Appends JSON to a string and puts the commas. A library would write small numbers with an
/// exponent; here a time is a decimal fraction of any size, which a shell can compare.
///
/// Lifetime: the string must outlive the writer.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  /// Opens or closes an object or an array; `bracket` is one of { } [ ].
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  /// Opens a document with its schema's number and the tool's version.
  JsonWriter& begin_document();

  /// Writes the name of a member; its value must follow.
  JsonWriter& key(std::string_view name);
  template <class T>
  JsonWriter& member(std::string_view name, const T& value) {
    return key(name).value(value);
  }

  JsonWriter& value(std::string_view text);
  /// Writes seconds with up to nine decimals: "5.0", "0.000000001".
  JsonWriter& value(Duration time);
  JsonWriter& value(std::integral auto number) {
    if constexpr (std::same_as<decltype(number), bool>) return literal(number ? "true" : "false");
    return literal(std::to_string(number));
  }
  template <class T>
  JsonWriter& value(const std::optional<T>& value) {
    return value ? this->value(*value) : literal("null");
  }
  /// Writes a value that is JSON already.
  JsonWriter& literal(std::string_view json);

 private:
  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace asyncdemo
