#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace conformance {

/// What the command line asks for.
struct Arguments {
  std::vector<std::string> files;
  std::string filter;  // only cases whose id contains it
  std::string show;    // only the case with this id, in full
  bool strict = false;
  bool help = false;
};

/// A command line that asks for nothing sensible.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

extern const char* const kHelp;

/// Throws:   UsageError.
[[nodiscard]] Arguments parse_arguments(const std::vector<std::string>& words);

}  // namespace conformance
