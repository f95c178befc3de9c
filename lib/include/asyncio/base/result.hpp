#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace asyncio {

/// The outcome of an operation: a value, an error, or a cancellation.
///
/// gather(return_exceptions, ...) reports one for each child, and as_result() one for the object it
/// awaits. The value is a std::monostate for void and a std::reference_wrapper for a reference.
///
/// Thread:   like a value of type T; a result with an error shares the exception object.
/// Python:   no counterpart: there, the result is the value or the exception itself.
template <class T = void>
class [[nodiscard]] Result {
 public:
  using value_type = T;  ///< T itself, even if it is void or a reference

  /// Creates a result with a value.
  Result(detail::regular_t<T> value)  // NOLINT(google-explicit-constructor)
      : value_(std::move(value)) {}
  /// Creates a result with an error, which must not be empty.
  explicit Result(std::exception_ptr error)
    requires(!std::is_same_v<detail::regular_t<T>, std::exception_ptr>)
      : error_(std::move(error)) {}

  /// Creates a result with an error, even if T is std::exception_ptr.
  [[nodiscard]] static Result failed(std::exception_ptr error) {
    return Result(Failed(), std::move(error));
  }

  /// Returns whether there is a value, and not an error.
  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  /// Returns has_value().
  explicit operator bool() const noexcept { return has_value(); }

  /// Returns whether the operation was cancelled; error() then holds the CancelledError.
  [[nodiscard]] bool cancelled() const noexcept { return is_cancelled_error(error_); }

  /// Returns the error; empty if there is a value.
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

  /// Returns the value.
  ///
  /// Throws:   the error, if there is one.
  const detail::regular_t<T>& value() const& {
    if (error_) std::rethrow_exception(error_);
    return *value_;
  }
  /// Returns the value, ready to be moved from.
  ///
  /// Throws:   the error, if there is one.
  detail::regular_t<T>&& value() && {
    if (error_) std::rethrow_exception(error_);
    return *std::move(value_);
  }

 private:
  struct Failed {};
  Result(Failed /*tag*/, std::exception_ptr error) : error_(std::move(error)) {}

  // Invariant: exactly one of the two is set.
  std::optional<detail::regular_t<T>> value_;
  std::exception_ptr error_;
};

}  // namespace asyncio
