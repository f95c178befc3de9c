#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncdemo {

/// What stands for bytes that are no UTF-8 and for characters that a format cannot hold.
inline constexpr char32_t kReplacement = 0xFFFD;

/// Takes the first character of `text`, which is not empty, away from it; kReplacement where it
/// is not UTF-8.
[[nodiscard]] char32_t take_character(std::string_view& text);

/// Appends `text` as XML 1.0 holds it, in an element or in an attribute: whatever it contains,
/// the document stays well-formed. Control characters become kReplacement.
void append_xml(std::string& out, std::string_view text);

/// Appends `text` as a JSON string, quotes included.
void append_json(std::string& out, std::string_view text);

/// `text` cut to `most` characters, with an ellipsis where something was cut; wide ones count
/// twice.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

/// How many characters `text` has, as shortened() counts them.
[[nodiscard]] std::size_t character_width(std::string_view text);

}  // namespace asyncdemo
