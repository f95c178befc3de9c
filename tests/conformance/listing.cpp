#include "listing.hpp"

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string_view>
#include <vector>

namespace conformance {
namespace {

using nlohmann::json;

void print_block(std::ostream& out, const json& block, const std::string& indent);

bool is_block(const json& value) {
  return value.is_array() && (value.empty() || value.front().is_object());
}

std::string print_scalar(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void print_item(std::ostream& out, const json& item, const std::string& indent) {
  if (item.contains("body")) {
    out << indent << "item:\n";
    print_block(out, item["body"], indent + "  ");
  } else {
    out << indent << "item " << print_scalar(item.value("var", json())) << "\n";
  }
}

void print_statement(std::ostream& out, const json& statement, const std::string& indent) {
  out << indent << print_scalar(statement.value("op", json("?")));
  for (const auto& [field, value] : statement.items()) {
    if (field == "op" || field == "item" || is_block(value)) continue;
    out << ' ' << field << '=' << print_scalar(value);
  }
  out << "\n";
  if (statement.contains("item")) print_item(out, statement["item"], indent + "  ");
  for (const json& item : statement.value("items", json::array())) {
    print_item(out, item, indent + "  ");
  }
  if (statement.contains("body")) print_block(out, statement["body"], indent + "  ");
  for (const char* field : {"handler", "finally"}) {
    if (!statement.contains(field) || statement[field].empty()) continue;
    out << indent << field << ":\n";
    print_block(out, statement[field], indent + "  ");
  }
}

void print_block(std::ostream& out, const json& block, const std::string& indent) {
  for (const json& statement : block) print_statement(out, statement, indent);
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string line_at(const std::vector<std::string>& lines, std::size_t i) {
  return i < lines.size() ? lines[i] : "(the trace has ended)";
}

}  // namespace

void print_program(std::ostream& out, const json& program) {
  print_block(out, program.value("main", json::array()), "  ");
}

void print_traces(std::ostream& out, const std::string& expected, const std::string& actual) {
  const std::vector<std::string> left = split_lines(expected);
  const std::vector<std::string> right = split_lines(actual);
  std::size_t width = sizeof("expected");
  for (const std::string& line : left) width = std::max(width, line.size());
  const auto row = [&](char mark, std::string_view a, std::string_view b) {
    out << mark << ' ' << std::left << std::setw(static_cast<int>(width)) << a << " | " << b
        << "\n";
  };
  row(' ', "expected", "actual");
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string a = i < left.size() ? left[i] : "";
    const std::string b = i < right.size() ? right[i] : "";
    row(a == b ? ' ' : '!', a, b);
  }
}

void print_difference(std::ostream& out, const std::string& expected, const std::string& actual) {
  const std::vector<std::string> left = split_lines(expected);
  const std::vector<std::string> right = split_lines(actual);
  std::size_t i = 0;
  while (i < left.size() && i < right.size() && left[i] == right[i]) ++i;
  out << "  line " << i + 1 << "\n    expected: " << line_at(left, i)
      << "\n    actual:   " << line_at(right, i) << "\n";
}

}  // namespace conformance
