#pragma once

#include <asyncio/asyncio.hpp>
#include <string>
#include <vector>

#include "support/async_test.hpp"

// Helpers for the tests of queues.

namespace asyncio::test {

/// Takes all items out of `queue` and returns them in its order.
template <class T>
std::vector<T> drain(Queue<T>& queue) {
  std::vector<T> items;
  while (!queue.empty()) items.push_back(queue.get_nowait());
  return items;
}

inline Coroutine<void> get_into(Queue<int>& queue, Trace& trace, std::string name) {
  const int item = co_await queue.get();
  trace.push_back(name + " got " + std::to_string(item));
}

inline Coroutine<void> put_from(Queue<int>& queue, Trace& trace, int item) {
  co_await queue.put(item);
  trace.push_back("put " + std::to_string(item));
}

}  // namespace asyncio::test
