#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace conformance {

/// The error that a program's `raise` throws.
class ProgramError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Kinds of errors that a program can distinguish, as bits.
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

/// Returns the kinds that `catch: name` catches, or 0 for an unknown name.
[[nodiscard]] unsigned kinds_caught_by(std::string_view name) noexcept;

/// An error as it appears in the trace.
struct Failure {
  ErrorKind kind;
  std::string text;
};

/// Classifies `error`.
///
/// REQUIRES: `error` is not empty.
[[nodiscard]] Failure examine(const std::exception_ptr& error);

}  // namespace conformance
