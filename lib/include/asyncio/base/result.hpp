#pragma once

#include <asyncio/base/error.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace asyncio {

namespace detail {

/// How a result of type T is kept: a reference as a pointer, nothing as std::monostate.
template <class T>
struct Stored {
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__,
                "an over-aligned result is kept behind a pointer");
  using type = T;
};
template <class T>
struct Stored<T&> {
  using type = T*;
};
template <>
struct Stored<void> {
  using type = std::monostate;
};
template <class T>
using stored_t = typename Stored<std::remove_cv_t<T>>::type;

/// A result where a place in a tuple or a vector is needed: T itself, std::monostate for void,
/// a std::reference_wrapper for a reference.
template <class T>
struct Regular {
  using type = T;
};
template <class T>
struct Regular<T&> {
  using type = std::reference_wrapper<T>;
};
template <>
struct Regular<void> {
  using type = std::monostate;
};
template <class T>
using regular_t = typename Regular<std::remove_cv_t<T>>::type;

/// The kept form back in the form that was promised.
template <class T, class S>
constexpr T unwrap(S&& stored) {
  if constexpr (std::is_void_v<T>) {
    return;
  } else if constexpr (std::is_reference_v<T>) {
    return *stored;
  } else {
    return std::forward<S>(stored);
  }
}

/// Whether a T can be copied; unlike std::is_copy_constructible not fooled by a container,
/// which says yes for elements of any kind.
template <class T>
struct IsCopyable : std::is_copy_constructible<T> {};
template <class T>
  requires requires(T container) {
    typename T::value_type;
    container.begin();
    container.end();
  } && (!std::is_same_v<typename T::value_type, T>)
struct IsCopyable<T>
    : std::conjunction<std::is_copy_constructible<T>, IsCopyable<typename T::value_type>> {};
template <class... Ts>
struct IsCopyable<std::tuple<Ts...>> : std::conjunction<IsCopyable<Ts>...> {};
template <class A, class B>
struct IsCopyable<std::pair<A, B>> : std::conjunction<IsCopyable<A>, IsCopyable<B>> {};
template <class T>
struct IsCopyable<std::optional<T>> : IsCopyable<T> {};

}  // namespace detail

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

namespace detail {
template <class T>
struct IsCopyable<Result<T>> : IsCopyable<regular_t<T>> {};

/// A value in its kept form as a Result.
template <class T, class S>
Result<T> make_result(S&& stored) {
  if constexpr (std::is_reference_v<T>) {
    return Result<T>(std::ref(*stored));
  } else {
    return Result<T>(std::forward<S>(stored));
  }
}

/// The value, in the form that was promised; throws the error if there is one.
template <class T>
T take_value(Result<T>&& result) {
  if constexpr (std::is_void_v<T>) {
    (void)result.value();
  } else if constexpr (std::is_reference_v<T>) {
    return result.value().get();
  } else {
    return std::move(result).value();
  }
}
}  // namespace detail

}  // namespace asyncio
