#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace asyncdemo_test {

/// Returns the errors in a Chrome trace, a line for each. Checks only what viewers rely on: fields,
/// names of all threads, slices that nest, pairs that match.
[[nodiscard]] std::vector<std::string> trace_errors(const nlohmann::json& trace);

}  // namespace asyncdemo_test
