#pragma once

#include <gtest/gtest.h>

#include <asyncio/asyncio.hpp>
#include <string>
#include <utility>

#include "support/async_test.hpp"

// Helpers for the tests of conditions.

namespace asyncio::test {

/// Waits once, then appends `name` to `trace` with the lock held.
inline Coroutine<void> wait_once(Condition& condition, Trace& trace, std::string name) {
  const auto guard = co_await condition.scoped();
  co_await condition.wait();
  EXPECT_TRUE(condition.locked());
  trace.push_back(std::move(name));
}

}  // namespace asyncio::test
