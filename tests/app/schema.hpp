#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace asyncdemo_test {

/// What document.schema.json has against `document`; empty if nothing.
[[nodiscard]] std::string objections(const nlohmann::json& document);

}  // namespace asyncdemo_test
