#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace conformance {

/// What a program's `raise` throws.
class ProgramError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The kinds of errors that a program can tell apart, as bits.
enum ErrorKind : unsigned {
  kError = 1U << 0,
  kCancelled = 1U << 1,
  kTimeout = 1U << 2,
  kInvalidState = 1U << 3,
  kGroup = 1U << 4,
  kRuntime = 1U << 5,
  kBrokenBarrier = 1U << 6,
  kValue = 1U << 7,
  kOther = 1U << 8,
  kQueue = 1U << 9,
};

/// The kinds that `catch: name` stands for; 0 if there is no such name.
[[nodiscard]] unsigned kinds_caught_by(std::string_view name) noexcept;

/// An error as the trace sees it.
struct Failure {
  ErrorKind kind;
  std::string text;
};

/// REQUIRES: `error` is not empty.
[[nodiscard]] Failure examine(const std::exception_ptr& error);

}  // namespace conformance
