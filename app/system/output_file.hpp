#pragma once

#include <asyncio/asyncio.hpp>
#include <string>
#include <string_view>

namespace asyncdemo {

/// An output file that the user has named; "-" is standard output.
class OutputFile {
 public:
  /// Opens the file at once, so that a wrong name is found before the run. The first write replaces
  /// its content.
  ///
  /// Throws: std::system_error naming it.
  explicit OutputFile(std::string name);

  [[nodiscard]] bool is_same_as(const OutputFile& other) const;

  /// Throws: std::system_error naming it.
  void write(std::string_view text);

 private:
  [[noreturn]] void fail(int error) const;

  std::string name_;
  asyncio::UniqueFd fd_;  // empty: standard output
  bool emptied_ = false;
};

}  // namespace asyncdemo
