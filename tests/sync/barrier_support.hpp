#pragma once

#include <algorithm>
#include <asyncio/asyncio.hpp>
#include <cstddef>
#include <vector>

#include "support/async_test.hpp"

// Helpers for the tests of barriers.

namespace asyncio::test {

using Tasks = std::vector<Task<std::size_t>>;

/// Starts `count` tasks, each of which waits at the barrier when this returns.
inline Coroutine<void> arrive(Barrier& barrier, int count, Tasks& tasks) {
  for (int i = 0; i < count; ++i) tasks.push_back(create_task(barrier.wait()));
  co_await pass(1);
}

/// Returns the sorted places that the tasks got.
inline Coroutine<std::vector<std::size_t>> places_of(Tasks& tasks) {
  std::vector<std::size_t> places;
  for (const auto& task : tasks) places.push_back(co_await task);
  std::sort(places.begin(), places.end());
  co_return places;
}

}  // namespace asyncio::test
