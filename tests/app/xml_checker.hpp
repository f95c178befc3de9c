#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asyncdemo_test {

/// An element of a document: its name, its attributes as written, and its depth.
struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  int depth = 0;
};

/// Returns the first error in `document` as XML 1.0 in UTF-8; empty if there is none. `elements`,
/// which may be null, receives all elements in the order of their start tags. Stricter than XML:
/// allows no declarations, comments, custom entities or processing instructions.
[[nodiscard]] std::string xml_error(std::string_view document,
                                    std::vector<XmlElement>* elements = nullptr);

}  // namespace asyncdemo_test
