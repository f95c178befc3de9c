#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace asyncio {

/// How something ended: with a value, with an error, or cancelled.
///
/// What gather(return_exceptions, ...) reports for each child, and as_result() for what it awaits.
/// For void the value is a std::monostate, for a reference a std::reference_wrapper.
///
/// Thread:   like a value of type T; as an error it shares an exception.
/// Python:   no counterpart: there it is the value, or the exception in its place.
template <class T = void>
class [[nodiscard]] Result {
 public:
  using value_type = T;  ///< void and references are held as what value() gives

  /// With a value.
  Result(detail::regular_t<T> value)  // NOLINT(google-explicit-constructor)
      : value_(std::move(value)) {}
  /// With an error, which is not empty.
  explicit Result(std::exception_ptr error)
    requires(!std::is_same_v<detail::regular_t<T>, std::exception_ptr>)
      : error_(std::move(error)) {}

  /// One with an error, also where T is an std::exception_ptr itself.
  [[nodiscard]] static Result failed(std::exception_ptr error) {
    return Result(Failed(), std::move(error));
  }

  /// Whether there is a value, and so no error.
  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  /// The same.
  explicit operator bool() const noexcept { return has_value(); }

  /// Whether it was cancelled; error() then holds the CancelledError.
  [[nodiscard]] bool cancelled() const noexcept { return is_cancelled_error(error_); }

  /// The error, or empty if there is a value.
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

  /// The value.
  ///
  /// Throws:   the error, where there is one.
  const detail::regular_t<T>& value() const& {
    if (error_) std::rethrow_exception(error_);
    return *value_;
  }
  /// The same, to be moved from.
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
