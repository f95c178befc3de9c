#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace conformance {

/// Writes a program with one statement per line, blocks indented.
void print_program(std::ostream& out, const nlohmann::json& program);

/// Writes two traces side by side and marks the lines that differ.
void print_traces(std::ostream& out, const std::string& expected, const std::string& actual);

/// Writes the first line in which two traces differ, from each of them.
void print_difference(std::ostream& out, const std::string& expected, const std::string& actual);

}  // namespace conformance
