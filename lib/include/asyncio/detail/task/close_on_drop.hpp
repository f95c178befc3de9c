#pragma once

#include <asyncio/task/coroutine.hpp>
#include <utility>

namespace asyncio::detail {

/// A coroutine that may never begin. If it does not, it is closed without a report.
template <class T>
class CloseOnDrop {
 public:
  explicit CloseOnDrop(Coroutine<T> coroutine) noexcept : coroutine_(std::move(coroutine)) {}
  CloseOnDrop(CloseOnDrop&&) noexcept = default;
  CloseOnDrop& operator=(CloseOnDrop&&) = delete;
  ~CloseOnDrop() { coroutine_.close(); }

  [[nodiscard]] Coroutine<T> take() { return std::move(coroutine_); }

 private:
  Coroutine<T> coroutine_;
};

}  // namespace asyncio::detail
