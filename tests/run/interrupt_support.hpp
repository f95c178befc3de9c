#pragma once

#include <gtest/gtest.h>

#include <asyncio/asyncio.hpp>
#include <csignal>
#include <utility>

// Helpers for the tests of SIGINT.

namespace asyncio::test {

/// Reports whether `handler` is the handler of SIGINT.
inline bool sigint_has(void (*handler)(int)) {
  struct sigaction present{};
  return ::sigaction(SIGINT, nullptr, &present) == 0 && present.sa_handler == handler;
}

/// Sends SIGINT to this process, then awaits `go_on`.
inline Coroutine<void> interrupt_and(Coroutine<void> go_on) {
  EXPECT_EQ(::raise(SIGINT), 0);
  co_await std::move(go_on);
}

}  // namespace asyncio::test
