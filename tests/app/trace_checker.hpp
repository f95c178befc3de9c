#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace asyncdemo_test {

/// What is wrong with a Chrome trace by the rules of the tool, a line for each; nothing else
/// than what viewers rely on: fields, names of all threads, slices that nest, pairs that match.
[[nodiscard]] std::vector<std::string> trace_errors(const nlohmann::json& trace);

}  // namespace asyncdemo_test
