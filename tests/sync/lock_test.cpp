#include "asyncio/sync/lock.hpp"

#include <gtest/gtest.h>

#include "support/async_test.hpp"
#include "sync/lock_contract.hpp"

// lock_contract_test.cpp has the tests that other locks share.

namespace asyncio {
namespace {

using lock_contract::take;
using test::pass;
using test::throws;
using test::Trace;

ASYNC_TEST(Lock, RefusesToBeReleasedWhenItIsNotLocked) {  // B200
  Lock lock;
  EXPECT_EQ(throws([&] { lock.release(); }), "RuntimeError: Lock is not acquired.");

  co_await lock.acquire();
  lock.release();

  EXPECT_EQ(throws([&] { lock.release(); }), "RuntimeError: Lock is not acquired.");
}

ASYNC_TEST(Lock, StaysUnlockedUntilAWokenWaiterResumes) {  // B199
  Lock lock;
  Trace trace;
  co_await lock.acquire();
  const auto first = create_task(take(lock, trace, "first"));
  co_await pass(1);

  lock.release();
  EXPECT_FALSE(lock.locked());
  const auto newcomer = create_task(take(lock, trace, "newcomer"), TaskOptions().eager_start(true));
  EXPECT_FALSE(lock.locked());
  EXPECT_EQ(trace, Trace{});

  co_await first;
  EXPECT_TRUE(lock.locked());
  lock.release();
  co_await newcomer;
}

ASYNC_TEST(Lock, ShowsWhetherItIsLocked) {  // B207
  Lock lock;
  Trace trace;
  EXPECT_EQ(to_string(lock), "<Lock [unlocked]>");

  co_await lock.acquire();
  EXPECT_EQ(to_string(lock), "<Lock [locked]>");

  const auto a = create_task(take(lock, trace, "a"));
  const auto b = create_task(take(lock, trace, "b"));
  co_await pass(1);
  lock.release();
  EXPECT_EQ(to_string(lock), "<Lock [unlocked, waiters:2]>");
  co_await a;
  lock.release();
  co_await b;
}

}  // namespace
}  // namespace asyncio
