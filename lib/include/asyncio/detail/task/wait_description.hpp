#pragma once

#include <asyncio/detail/task/future_state.hpp>
#include <string>
#include <utility>

namespace asyncio::detail {

/// A builder of descriptions such as "gather() of Task-2, Task-3": an operation, and the futures
/// that it still waits for.
class WaitDescription {
 public:
  explicit WaitDescription(const char* operation) : text_(operation) {}
  /// Adds `future`, unless it is done.
  void add(const FutureBase& future);
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  bool first_ = true;
};

}  // namespace asyncio::detail
