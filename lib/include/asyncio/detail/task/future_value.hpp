#pragma once

#include <asyncio/base/result.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/base/result_access.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <asyncio/detail/task/task_state.hpp>
#include <exception>
#include <type_traits>
#include <utility>

namespace asyncio::detail {

/// Returns the place of the value in `future`, which is a Future<T> or a Task<T>.
template <class T>
[[nodiscard]] stored_t<T>& value_slot(FutureBase& future) noexcept {
  if (future.is_task()) return *static_cast<TaskState<T>&>(future).slot();
  return *static_cast<FutureState<T>&>(future).slot();
}

/// Returns the value to an awaiter. Moves it if there is no other owner or T cannot be copied.
///
/// REQUIRES: the future has a value.
template <class T>
T take_value(FutureBase& future) {
  if constexpr (std::is_void_v<T>) {
    return;
  } else if constexpr (std::is_reference_v<T>) {
    return static_cast<T>(*value_slot<T>(future));
  } else if constexpr (IsCopyable<T>::value) {
    if (future.has_one_owner()) return std::move(value_slot<T>(future));
    return value_slot<T>(future);
  } else {
    return std::move(value_slot<T>(future));
  }
}

/// Returns the value in a form that fits into containers.
///
/// REQUIRES: the future has a value.
template <class T>
regular_t<T> take_regular(const Ref<FutureBase>& future) {
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return take_value<T>(*future);
  }
}

/// Returns the outcome of a future.
///
/// REQUIRES: the future is done.
template <class T>
Result<T> take_result(const Ref<FutureBase>& future) {
  if (std::exception_ptr error = future->error_or_cancel()) {
    return Result<T>::failed(std::move(error));
  }
  return Result<T>(take_regular<T>(future));
}

}  // namespace asyncio::detail
