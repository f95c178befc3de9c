#pragma once

#include <chrono>

#include "asyncio/task/generator.hpp"
#include "support/async_test.hpp"

namespace asyncio::generators {

using namespace std::chrono_literals;

/// Yields 1 to `end`, each number after a second.
inline AsyncGenerator<int> count_slowly(int end) {
  for (int i = 1; i <= end; ++i) {
    co_await sleep(1s);
    co_yield i;
  }
}

}  // namespace asyncio::generators
