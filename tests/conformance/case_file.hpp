#pragma once

#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

namespace conformance {

/// A program and the trace it has to print.
struct Case {
  std::string id;
  std::string place;  // FILE:LINE
  nlohmann::json program;
  std::string trace;  // each line with its end
};

/// A file that cannot be read, or holds something that is no case.
class BadFile : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads the cases of a file, a line each, one after the other.
class CaseFile {
 public:
  /// Throws:   BadFile when it cannot be opened.
  explicit CaseFile(std::string path);

  /// The next case; empty at the end.
  ///
  /// Throws:   BadFile naming the line.
  std::optional<Case> next();

 private:
  std::string path_;
  std::ifstream stream_;
  std::size_t line_ = 0;
};

}  // namespace conformance
