// Timeouts inside one another, beside cancels from outside, and on a busy thread.

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <string>

#include "asyncio/combine/timeout.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::kTimedOut;
using test::now_ms;
using test::pass;

ASYNC_TEST(Timeout, PassesACancelFromOutsideOnUnchanged) {  // rule 18, B144
  Timeout limit(5s);
  const auto work = [&]() -> Coroutine<void> { co_await limit.run([] { return for_ever(); }); };
  const auto task = create_task(work());
  co_await sleep(1s);

  task.cancel("outside");
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError: outside");
  EXPECT_FALSE(limit.expired());
}

ASYNC_TEST(Timeout, ThrowsTheCancelWhenItExpiresAndIsCancelledFromOutsideAtOnce) {  // rule 12
  Timeout limit(1s);
  const auto work = [&]() -> Coroutine<void> { co_await limit.run([] { return for_ever(); }); };
  const auto task = create_task(work());
  get_running_loop().call_at(TimePoint(1s), [&] { task.cancel("outside"); });
  co_await pass(2);

  const std::string ending = co_await ending_of(task);

  EXPECT_TRUE(ending.starts_with("CancelledError")) << ending;
  EXPECT_TRUE(limit.expired());
  EXPECT_EQ(task.cancelling(), 1);
}

ASYNC_TEST(Timeout, ThrowsOnlyFromTheOuterOfTwoWithOneDeadline) {  // B141
  std::string inner_ending;
  Timeout inner(TimePoint(1s));
  Timeout outer(TimePoint(1s));
  const auto body = [&]() -> Coroutine<void> {
    std::exception_ptr error;
    try {
      co_await inner.run([] { return for_ever(); });
    } catch (...) {
      error = std::current_exception();
    }
    inner_ending = describe(error);
    std::rethrow_exception(error);
  };

  const std::string ending = co_await ending_of(outer.run(body));

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_EQ(inner_ending, "CancelledError");
  EXPECT_TRUE(inner.expired());
  EXPECT_TRUE(outer.expired());
}

ASYNC_TEST(Timeout, WorksDuringTheCleanUpOfAnotherTimeout) {  // B151
  std::string inner_ending;
  const auto body = [&]() -> Coroutine<void> {
    std::exception_ptr error;
    try {
      co_await for_ever();
    } catch (...) {
      error = std::current_exception();
    }
    inner_ending = co_await ending_of(timeout(2s, [] { return for_ever(); }));
    std::rethrow_exception(error);
  };

  const std::string ending = co_await ending_of(timeout(1s, body));

  EXPECT_EQ(inner_ending, kTimedOut);
  EXPECT_EQ(ending, kTimedOut);
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(Timeout, WorksAfterASwallowedCancel) {  // B152
  std::string ending;
  const auto work = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    ending = co_await ending_of(timeout(1s, [] { return for_ever(); }));
  };
  const auto task = create_task(work());
  co_await pass(1);

  task.cancel();
  co_await task;

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_EQ(task.cancelling(), 1);
}

ASYNC_TEST(Timeout, LeavesTheTaskThatHandlesItUncancelled) {  // B145
  const auto handle = []() -> Coroutine<std::string> {
    co_return co_await ending_of(timeout(1s, [] { return for_ever(); }));
  };
  const auto task = create_task(handle());

  const std::string ending = co_await task;

  EXPECT_EQ(ending, kTimedOut);
  EXPECT_FALSE(task.cancelled());
  EXPECT_EQ(task.cancelling(), 0);
}

/// Lets `span` pass as on a busy thread: no timer fires meanwhile.
void be_busy(Duration span) {
  EventLoop& loop = get_running_loop();
  loop.core().advance_to(loop.time() + span);
}

ASYNC_TEST(Timeout, ThrowsOnceWhenABusyThreadMissesBothNestedDeadlines) {  // B146
  Timeout outer(1s);
  Timeout inner(2s);
  std::string inner_ending;

  const std::string outer_ending = co_await ending_of(outer.run([&]() -> Coroutine<void> {
    try {
      co_await inner.run([]() -> Coroutine<void> {
        be_busy(5s);
        co_await for_ever();
      });
    } catch (...) {
      inner_ending = describe(std::current_exception());
      throw;
    }
  }));

  EXPECT_EQ(inner_ending, "CancelledError");
  EXPECT_EQ(outer_ending, kTimedOut);
  EXPECT_TRUE(inner.expired());
  EXPECT_TRUE(outer.expired());
  EXPECT_EQ(current_task()->cancelling(), 0);
}

ASYNC_TEST(Timeout, ThrowsFromEachLevelWhenABusyThreadMissesTheInnerDeadline) {  // B146
  std::string inner_ending;

  const std::string outer_ending = co_await ending_of(timeout(3s, [&]() -> Coroutine<void> {
    inner_ending = co_await ending_of(timeout(1s, []() -> Coroutine<void> {
      be_busy(2s);
      co_await for_ever();
    }));
    co_await for_ever();
  }));

  EXPECT_EQ(inner_ending, kTimedOut);
  EXPECT_EQ(outer_ending, kTimedOut);
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(Timeout, DoesNotFailABodyThatEndsInTheTurnInWhichItIsDue) {
  Timeout limit(1s);

  co_await limit.run([]() -> Coroutine<void> {
    be_busy(2s);
    co_await sleep(0s);
  });

  EXPECT_FALSE(limit.expired());
  co_await sleep(5s);
  EXPECT_EQ(current_task()->cancelling(), 0);
}

}  // namespace
}  // namespace asyncio
