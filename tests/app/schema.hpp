#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace asyncdemo_test {

/// Returns how `document` violates document.schema.json; empty if it does not.
[[nodiscard]] std::string objections(const nlohmann::json& document);

}  // namespace asyncdemo_test
