#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncdemo {

// Names and lessons are the scenarios' own: each of their characters is one column wide.

/// Returns the number of characters in `text`, which is UTF-8.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// Cuts `text` to at most `most` columns, with an ellipsis if it is longer.
[[nodiscard]] std::string fit(std::string_view text, std::size_t most, bool ascii = false);

/// Fills `text` up with blanks to `columns`.
[[nodiscard]] std::string pad(std::string text, std::size_t columns);

}  // namespace asyncdemo
