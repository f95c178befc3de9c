#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncdemo {

/// The columns of the texts that are printed as help.
inline constexpr std::size_t kTextWidth = 80;

/// `text` in lines of at most kTextWidth characters (a longer word stands alone), each but the
/// first behind `indent` blanks; ends with a newline.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent = 0);

}  // namespace asyncdemo
