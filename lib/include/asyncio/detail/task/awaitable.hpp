#pragma once

#include <concepts>
#include <tuple>
#include <utility>

namespace asyncio::detail {

/// The base of this library's awaiters. Coroutines of this library can await nothing else, because
/// their task has to know what it waits for.
struct AwaiterTag {};

/// An awaitable that the library's functions return. It holds the arguments of an Awaiter, which is
/// created at the co_await and refers to them.
///
/// One that moves an argument, such as Queue::put(), can be awaited once only: a named one needs
/// std::move. Any other can be awaited again and again.
///
/// Lifetime: must live until the end of the co_await, as a temporary in it does.
template <class Awaiter, class... Args>
class [[nodiscard("co_await it")]] Awaitable {
 public:
  using value_type = decltype(std::declval<Awaiter&>().await_resume());

  explicit Awaitable(Args... args) : args_(std::move(args)...) {}

  auto operator co_await() && {
    return std::apply([](Args&... args) { return Awaiter(args...); }, args_);
  }
  auto operator co_await() const&
    requires std::constructible_from<Awaiter, const Args&...>
  {
    return std::apply([](const Args&... args) { return Awaiter(args...); }, args_);
  }

 private:
  std::tuple<Args...> args_;
};

}  // namespace asyncio::detail
