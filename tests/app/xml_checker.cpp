#include "xml_checker.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace asyncdemo_test {
namespace {

struct XmlError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class XmlParser {
 public:
  explicit XmlParser(std::string_view rest) : rest_(rest) {}

  std::vector<XmlElement> parse() {
    check_characters(rest_);
    skip_blanks();
    element();
    skip_blanks();
    if (!rest_.empty()) throw XmlError("text after the root");
    return std::move(elements_);
  }

 private:
  static void check_characters(std::string_view text) {
    (void)nlohmann::json(text).dump();  // throws if it is not UTF-8
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      const bool blank = c == '\t' || c == '\n' || c == '\r';
      if (byte < 0x20 && !blank) throw XmlError("a character that XML forbids");
    }
  }

  void element() {
    expect("<");
    XmlElement element{.name = name(), .attributes = {}, .depth = depth_};
    while (skip_blanks() && rest_.front() != '/' && rest_.front() != '>') attribute(element);
    elements_.push_back(element);
    if (take("/>")) return;
    expect(">");
    ++depth_;
    while (!take("</")) content();
    --depth_;
    expect(element.name);
    skip_blanks();
    expect(">");
  }

  void content() {
    if (rest_.starts_with("<")) {
      element();
    } else {
      text("<");
    }
  }

  void attribute(XmlElement& element) {
    const std::string key = name();
    for (const auto& [other, value] : element.attributes) {
      if (other == key) throw XmlError("attribute twice: " + key);
    }
    expect("=\"");
    element.attributes.emplace_back(key, text("\""));
    expect("\"");
    if (!rest_.starts_with(" ") && !rest_.starts_with(">") && !rest_.starts_with("/>")) {
      throw XmlError("no blank after an attribute");
    }
  }

  /// Takes the text up to one of `ends`, which must come.
  std::string text(std::string_view ends) {
    const auto end = rest_.find_first_of(ends);
    if (end == std::string_view::npos) throw XmlError("the end is missing");
    const std::string_view found = rest_.substr(0, end);
    if (found.find_first_of("<>") != std::string_view::npos) throw XmlError("bare < or >");
    for (auto at = found.find('&'); at != std::string_view::npos; at = found.find('&', at + 1)) {
      constexpr std::array<std::string_view, 5> kEntities{"&amp;", "&lt;", "&gt;", "&quot;",
                                                          "&apos;"};
      const auto known = [&](std::string_view e) { return found.substr(at).starts_with(e); };
      if (std::ranges::none_of(kEntities, known)) throw XmlError("bare &");
    }
    rest_.remove_prefix(end);
    return std::string(found);
  }

  std::string name() {
    const auto end =
        rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");
    if (end == 0 || end == std::string_view::npos) throw XmlError("no name");
    const std::string_view found = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return std::string(found);
  }

  bool skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size()));
    return !rest_.empty();
  }

  bool take(std::string_view what) {
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
  }

  void expect(std::string_view what) {
    if (!take(what)) throw XmlError("expected " + std::string(what));
  }

  std::string_view rest_;
  int depth_ = 0;
  std::vector<XmlElement> elements_;
};

}  // namespace

std::string xml_error(std::string_view document, std::vector<XmlElement>* elements) try {
  auto found = XmlParser(document).parse();
  if (elements != nullptr) *elements = std::move(found);
  return {};
} catch (const XmlError& error) {
  return error.what();
}

}  // namespace asyncdemo_test
