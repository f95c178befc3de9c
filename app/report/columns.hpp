#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncdemo {

// The names and lessons are the scenarios' own: every character is one column wide.

/// How many characters `text` has, which is UTF-8.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// `text` in at most `most` columns, cut with an ellipsis where it is longer.
[[nodiscard]] std::string fit(std::string_view text, std::size_t most, bool ascii = false);

/// `text`, filled up with blanks to `columns`.
[[nodiscard]] std::string pad(std::string text, std::size_t columns);

}  // namespace asyncdemo
