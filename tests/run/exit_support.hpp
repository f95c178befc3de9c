#pragma once

#include <asyncio/asyncio.hpp>

#include "support/async_test.hpp"

namespace asyncio::test {

struct Leave : BaseExit {};

/// Exits the program after one turn.
inline Coroutine<void> leave() {
  co_await sleep(0s);
  throw Leave();
}

}  // namespace asyncio::test
