#pragma once

#include <asyncio/base/result.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <functional>
#include <type_traits>
#include <utility>

namespace asyncio::detail {

template <class T>
struct IsCopyable<Result<T>> : IsCopyable<regular_t<T>> {};

/// Converts a stored value to a Result.
template <class T, class S>
Result<T> make_result(S&& stored) {
  if constexpr (std::is_reference_v<T>) {
    return Result<T>(std::ref(*stored));
  } else {
    return Result<T>(std::forward<S>(stored));
  }
}

/// Returns the value of a result as a T.
///
/// Throws:   the error, if there is one.
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

}  // namespace asyncio::detail
