#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncdemo {

/// How many columns of a terminal `text` takes, which is UTF-8.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// `text` in at most `most` columns, cut with an ellipsis where it is longer. What no terminal
/// shows, or with `ascii` what is not ASCII, becomes a question mark.
[[nodiscard]] std::string fit(std::string_view text, std::size_t most, bool ascii);

/// `text`, filled up with blanks to `columns`.
[[nodiscard]] std::string pad(std::string text, std::size_t columns);

}  // namespace asyncdemo
