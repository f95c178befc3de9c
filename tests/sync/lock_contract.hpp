#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "support/async_test.hpp"

// The contract of everything that is acquired and released: tests that run for each of its types.

namespace asyncio::lock_contract {

/// The lock of a Condition, with the text form of that lock in place of the condition's.
class ConditionLock {
 public:
  [[nodiscard]] auto acquire() { return condition_.acquire(); }
  [[nodiscard]] auto scoped() { return condition_.scoped(); }
  void release() { condition_.release(); }
  [[nodiscard]] bool locked() const noexcept { return condition_.locked(); }

  friend std::string to_string(const ConditionLock& lock) { return to_string(lock.lock_); }

 private:
  Lock lock_;
  Condition condition_{lock_};
};

/// The types under test. Each admits one holder at first.
using LockTypes = testing::Types<Lock, Semaphore, BoundedSemaphore, ConditionLock>;

/// Returns the text form of a lock of type T in `state`, such as "locked".
template <class T>
std::string text_of(const std::string& state) {
  std::string name = "Lock";
  if constexpr (std::is_same_v<T, Semaphore>) name = "Semaphore";
  if constexpr (std::is_same_v<T, BoundedSemaphore>) name = "BoundedSemaphore";
  return "<" + name + " [" + state + "]>";
}

/// Acquires `lock` and appends `name` to `trace`.
template <class T>
Coroutine<void> take(T& lock, test::Trace& trace, std::string name) {
  co_await lock.acquire();
  trace.push_back(std::move(name));
}

/// Defines a typed test whose body is a coroutine, as ASYNC_TEST does.
#define ASYNC_TYPED_TEST(Suite, Name)                                 \
  template <class TypeParam>                                          \
  static ::asyncio::Coroutine<void> Suite##_##Name##_body();          \
  TYPED_TEST(Suite, Name) {                                           \
    ::asyncio::test::run_virtual(Suite##_##Name##_body<TypeParam>()); \
  }                                                                   \
  template <class TypeParam>                                          \
  static ::asyncio::Coroutine<void> Suite##_##Name##_body()

}  // namespace asyncio::lock_contract
