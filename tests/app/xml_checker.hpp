#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asyncdemo_test {

/// An element of a document: its name, its attributes as written, and what it is in.
struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  int depth = 0;
};

/// What is wrong with `document` as XML 1.0 in UTF-8, or nothing; `elements`, which may be null,
/// gets all of them in the order of their start tags. It is stricter than XML: no declarations,
/// comments, entities of one's own or processing instructions.
[[nodiscard]] std::string xml_error(std::string_view document,
                                    std::vector<XmlElement>* elements = nullptr);

}  // namespace asyncdemo_test
