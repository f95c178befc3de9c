#pragma once

#include <functional>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace asyncio::detail {

/// The type that stores a result of type T: a pointer for a reference, std::monostate for void.
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

/// The type of a result in a tuple or a vector: T itself, std::monostate for void, and
/// std::reference_wrapper for a reference.
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

/// Converts a stored value back to a T.
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

/// A trait that tells whether a T can be copied. Unlike std::is_copy_constructible, it checks the
/// elements of a container: containers claim to be copyable whatever they contain.
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

}  // namespace asyncio::detail
