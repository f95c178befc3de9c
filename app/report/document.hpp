#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/run_record.hpp"

namespace asyncdemo {

/// The JSON document of a run, schema 1, in one line.
[[nodiscard]] std::string document_of(const RunRecord& run);

/// The document of several runs.
[[nodiscard]] std::string document_of(const std::vector<const RunRecord*>& runs);

/// Seconds as a JSON number with up to nine decimals.
[[nodiscard]] nlohmann::ordered_json json_seconds(Duration d);

}  // namespace asyncdemo
