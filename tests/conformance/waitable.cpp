#include "waitable.hpp"

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "error.hpp"

namespace conformance {
namespace {

using asyncio::Coroutine;
using asyncio::Future;
using asyncio::Result;
using asyncio::Task;

using Children = std::vector<WaitablePtr>;

std::string print_list(std::size_t size, auto print_element) {
  std::string text = "[";
  for (std::size_t i = 0; i < size; ++i) {
    if (i > 0) text += ", ";
    text += print_element(i);
  }
  return text + "]";
}

// Text forms of each type of result. For a gather of AnyFuture, the children have the values.

Value print(const Children& /*children*/, const Value& value) {
  return value;
}

Value print(const Children& /*children*/, const std::vector<Value>& values) {
  return print_list(values.size(), [&](std::size_t i) { return values[i]; });
}

Value print(const Children& /*children*/, const std::vector<Result<Value>>& results) {
  return print_list(results.size(), [&](std::size_t i) {
    return results[i] ? results[i].value() : examine(results[i].error()).text;
  });
}

Value print(const Children& children) {
  return print_list(children.size(), [&](std::size_t i) { return children[i]->value(); });
}

Value print(const Children& children, const std::vector<Result<>>& results) {
  return print_list(results.size(), [&](std::size_t i) {
    return results[i] ? children[i]->value() : examine(results[i].error()).text;
  });
}

template <class F>
class WaitableOf final : public Waitable {
  using T = typename F::value_type;

 public:
  explicit WaitableOf(F future, Children children = {})
      : future_(std::move(future)), children_(std::move(children)) {}

  [[nodiscard]] asyncio::AnyFuture future() const override { return future_; }

  [[nodiscard]] Coroutine<Value> result() const override { return print_awaited(future_); }

  [[nodiscard]] Coroutine<Value> result_within(asyncio::TimeLimit limit) const override {
    return print_awaited(asyncio::wait_for(future_, limit));
  }

  [[nodiscard]] Value value() const override {
    if constexpr (std::is_void_v<T>) {
      future_.result();
      return print(children_);
    } else {
      return print(children_, future_.result());
    }
  }

  [[nodiscard]] WaitablePtr shielded() const override {
    return std::make_shared<WaitableOf<Future<T>>>(asyncio::shield(future_), children_);
  }

  [[nodiscard]] std::optional<Task<Value>> as_task() const override {
    if constexpr (std::same_as<F, Task<Value>>) return future_;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<Future<Value>> as_future() const override {
    if constexpr (std::convertible_to<F, Future<Value>>) return future_;
    return std::nullopt;
  }

 private:
  template <class Awaitable>
  Coroutine<Value> print_awaited(Awaitable awaitable) const {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(awaitable);
      co_return print(children_);
    } else {
      const T result = co_await std::move(awaitable);
      co_return print(children_, result);
    }
  }

  F future_;
  Children children_;
};

template <class T>
WaitablePtr wrap(Future<T> future, Children children = {}) {
  return std::make_shared<WaitableOf<Future<T>>>(std::move(future), std::move(children));
}

/// Returns the children as futures of one type, or nothing if a gather is among them.
std::optional<std::vector<Future<Value>>> all_as_futures(const Children& children) {
  std::vector<Future<Value>> futures;
  futures.reserve(children.size());
  for (const WaitablePtr& child : children) {
    std::optional<Future<Value>> future = child->as_future();
    if (!future) return std::nullopt;
    futures.push_back(*std::move(future));
  }
  return futures;
}

}  // namespace

std::string Waitable::state() const {
  const asyncio::AnyFuture inner = future();
  if (!inner.done()) return "pending";
  if (inner.cancelled()) return "cancelled";
  if (const std::exception_ptr error = inner.exception()) return "raised " + examine(error).text;
  return "result " + value();
}

WaitablePtr make_waitable(Task<Value> task) {
  return std::make_shared<WaitableOf<Task<Value>>>(std::move(task));
}

WaitablePtr make_waitable(Future<Value> future) {
  return wrap(std::move(future));
}

WaitablePtr make_gather(const Children& children, bool return_exceptions) {
  using asyncio::gather;
  if (auto futures = all_as_futures(children)) {
    if (return_exceptions) return wrap(gather(asyncio::return_exceptions, *std::move(futures)));
    return wrap(gather(*std::move(futures)));
  }
  std::vector<asyncio::AnyFuture> futures;
  for (const WaitablePtr& child : children) futures.push_back(child->future());
  if (return_exceptions) {
    return wrap(gather(asyncio::return_exceptions, std::move(futures)), children);
  }
  return wrap(gather(std::move(futures)), children);
}

}  // namespace conformance
