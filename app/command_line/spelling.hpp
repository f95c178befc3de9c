#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asyncdemo {

/// The candidate that `typed` is most likely meant to be; nothing if none is near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view typed,
                                                 const std::vector<std::string>& candidates);

}  // namespace asyncdemo
