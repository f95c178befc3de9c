#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace conformance {

/// The parsed command line.
struct Arguments {
  std::vector<std::string> files;
  std::string filter;  // run only cases whose id contains this text
  std::string show;    // run only the case with this id, and print it in full
  bool strict = false;
  bool help = false;
};

/// A command line that cannot be parsed.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

extern const char* const kHelp;

/// Throws:   UsageError.
[[nodiscard]] Arguments parse_arguments(const std::vector<std::string>& words);

}  // namespace conformance
