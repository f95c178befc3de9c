#pragma once

#include <concepts>
#include <tuple>
#include <utility>

namespace asyncio::detail {

/// Base of this library's awaiters. A coroutine of ours can await nothing else: its task would not
/// know what it waits for.
struct AwaiterTag {};

/// What the library's functions return to be awaited: the arguments of an Awaiter, which is made
/// at the co_await and refers to them.
///
/// Lifetime: it lives until the end of the co_await, as a temporary or a named object does.
template <class Awaiter, class... Args>
class [[nodiscard("co_await it")]] Awaitable {
 public:
  using value_type = decltype(std::declval<Awaiter&>().await_resume());

  explicit Awaitable(Args... args) : args_(std::move(args)...) {}

  auto operator co_await() {
    return std::apply([](Args&... args) { return Awaiter(args...); }, args_);
  }
  auto operator co_await() const
    requires std::constructible_from<Awaiter, const Args&...>
  {
    return std::apply([](const Args&... args) { return Awaiter(args...); }, args_);
  }

 private:
  std::tuple<Args...> args_;
};

}  // namespace asyncio::detail
