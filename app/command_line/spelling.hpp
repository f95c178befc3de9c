#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asyncdemo {

/// Returns the candidate closest to `typed`, or nothing if none is close.
[[nodiscard]] std::optional<std::string> nearest(std::string_view typed,
                                                 const std::vector<std::string>& candidates);

}  // namespace asyncdemo
