#include <asyncio/base/call_site.hpp>
#include <cstddef>
#include <string_view>

namespace asyncio {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// Returns the index at which the parameter list that ends at `close` begins, or kNone.
std::size_t opening_of(std::string_view text, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close + 1; i-- > 0;) {
    if (text[i] == ')') ++depth;
    if (text[i] == '(' && --depth == 0) return i;
  }
  return kNone;
}

/// Returns the index at which the last name in `text` begins: after the last space outside
/// brackets.
std::size_t begin_of_name(std::string_view text) {
  int depth = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] == '>' || text[i] == ')') ++depth;
    if (text[i] == '<' || text[i] == '(') --depth;
    if (text[i] == ' ' && depth == 0) return i + 1;
  }
  return 0;
}

/// Removes the parameter list and the qualifiers after it.
std::string_view without_parameters(std::string_view signature) {
  const std::size_t close = signature.rfind(')');
  if (close == kNone || signature.find('>', close) != kNone) return signature;  // a lambda's name
  const std::size_t open = opening_of(signature, close);
  return open == kNone || open == 0 ? signature : signature.substr(0, open);
}

/// Replaces each compiler's notation for a lambda and its operator() by "<lambda>".
std::string with_plain_lambda(std::string name) {
  constexpr std::string_view kCall = "::operator()";
  constexpr std::string_view kAnonymous = "(anonymous class)";
  constexpr std::string_view kLambda = "<lambda(";
  if (name.ends_with(kCall)) name.erase(name.size() - kCall.size());
  if (const auto at = name.rfind(kAnonymous); at != kNone) {
    name.replace(at, kAnonymous.size(), "<lambda>");
  }
  if (const auto at = name.rfind(kLambda); at != kNone && name.ends_with(")>")) {
    name.replace(at, name.size() - at, "<lambda>");
  }
  return name;
}

/// Returns the bare name from a function's signature. This removes everything that a compiler adds:
/// the return type, parameters, qualifiers, "[with T = int]", unnamed namespaces, and the frame
/// that g++ 12 shows in a coroutine's body.
std::string name_in(std::string_view signature) {
  if (signature.ends_with(']')) signature = signature.substr(0, signature.find(" ["));
  const std::string_view rest = without_parameters(signature);
  std::string name = with_plain_lambda(std::string(rest.substr(begin_of_name(rest))));
  for (const std::string_view nameless : {"{anonymous}::", "(anonymous namespace)::"}) {
    for (auto at = name.find(nameless); at != kNone; at = name.find(nameless)) {
      name.erase(at, nameless.size());
    }
  }
  return name;
}

}  // namespace

CallSite call_site(const std::source_location& where) {
  if (where.line() == 0) return {};
  return {name_in(where.function_name()), where.file_name(), where.line()};
}

std::string to_string(const CallSite& site) {
  std::string text;
  if (!site.function.empty()) text = site.function + "()";
  if (site.file.empty()) return text;
  if (!text.empty()) text += " at ";
  return text + site.file + ":" + std::to_string(site.line);
}

}  // namespace asyncio
