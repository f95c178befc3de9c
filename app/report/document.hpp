#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/run_record.hpp"

namespace asyncdemo {

/// The version of the JSON documents: each begins with it.
inline constexpr int kSchema = 1;

/// The JSON document of a run in one line.
[[nodiscard]] std::string document_of(const RunRecord& run);

/// The document of several runs.
[[nodiscard]] std::string document_of(const std::vector<const RunRecord*>& runs);

/// Seconds as a JSON number with up to nine decimals: "5.0", "0.000000001".
[[nodiscard]] std::string json_seconds(Duration d);
/// A JSON string, or null where it is empty.
[[nodiscard]] std::string json_text(std::string_view text);

}  // namespace asyncdemo
