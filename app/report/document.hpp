#pragma once

#include <string>
#include <vector>

#include "run/run_record.hpp"

namespace asyncdemo {

/// Returns the JSON document of a run, in one line.
[[nodiscard]] std::string document_of(const RunRecord& run);

/// Returns the document of several runs.
[[nodiscard]] std::string document_of(const std::vector<const RunRecord*>& runs);

}  // namespace asyncdemo
