#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncdemo {

/// The width of all help texts, in columns.
inline constexpr std::size_t kTextWidth = 80;

/// Wraps `text` at kTextWidth characters; a longer word gets a line of its own. Indents all lines
/// but the first by `indent` blanks. The result ends with a newline.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent = 0);

}  // namespace asyncdemo
