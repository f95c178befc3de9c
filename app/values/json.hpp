#pragma once

#include <string>
#include <string_view>

#include "values/duration.hpp"

namespace asyncdemo {

/// The version of the JSON documents: each begins with it.
inline constexpr int kSchema = 1;

/// Seconds as a JSON number with up to nine decimals: "5.0", "0.000000001".
[[nodiscard]] std::string json_seconds(Duration d);
/// Milliseconds as a JSON number with up to six decimals: "0.31".
[[nodiscard]] std::string json_ms(Duration d);
/// A JSON string, or null where it is empty.
[[nodiscard]] std::string json_text(std::string_view text);

}  // namespace asyncdemo
