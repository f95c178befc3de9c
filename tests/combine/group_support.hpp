#pragma once

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <stdexcept>
#include <string>

#include "support/async_test.hpp"

// What the tests of task groups share.

namespace asyncio::test {

/// When it is cancelled it takes `cleanup` long, and then fails.
inline Coroutine<void> fail_when_cancelled(const char* text, Duration cleanup = 0s) {
  try {
    co_await for_ever();
  } catch (const CancelledError&) {
  }
  co_await sleep(cleanup);
  throw std::runtime_error(text);
}

/// What describe() says of a TaskGroup's error with these members.
inline std::string group_of(const std::string& members) {
  return "ExceptionGroup: unhandled errors in a TaskGroup [" + members + "]";
}
inline const std::string kOops = group_of("std::runtime_error: oops");

}  // namespace asyncio::test
