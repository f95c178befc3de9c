#pragma once

#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

namespace conformance {

/// A program and the trace that it must print.
struct Case {
  std::string id;
  std::string place;  // FILE:LINE
  nlohmann::json program;
  std::string trace;  // every line ends with a newline
};

/// A file that cannot be read, or a line of it that is not a case.
class BadFile : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads the cases of a file, which has one per line.
class CaseFile {
 public:
  /// Throws:   BadFile if it cannot be opened.
  explicit CaseFile(std::string path);

  /// Reads the next case; returns nothing at the end.
  ///
  /// Throws:   BadFile naming the line.
  std::optional<Case> next();

 private:
  std::string path_;
  std::ifstream stream_;
  std::size_t line_ = 0;
};

}  // namespace conformance
