#include "asyncio/combine/as_result.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "asyncio/sync/event.hpp"
#include "asyncio/sync/queue.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::LiveCount;
using test::new_future;
using test::number_after;
using test::pass;

// A named awaitable can be awaited again, unless that would move its argument out.
template <class A>
concept AwaitableByName = requires(A& awaitable) { awaitable.operator co_await(); };
static_assert(AwaitableByName<decltype(sleep(1s))>);
static_assert(AwaitableByName<decltype(std::declval<Event&>().wait())>);
static_assert(!AwaitableByName<decltype(std::declval<Queue<int>&>().put(1))>);
static_assert(!AwaitableByName<decltype(as_result(std::declval<Coroutine<int>>()))>);

Coroutine<int> fail_after(Duration delay) {
  co_await sleep(delay);
  throw std::runtime_error("oops");
}
template <class T>
std::string text_of(const Result<T>& result) {
  return result ? "value" : describe(result.error());
}

ASYNC_TEST(AsResult, HoldsTheValueOfACoroutineATaskAndAFuture) {
  const auto future = new_future();
  future.set_result(3);

  const auto of_coroutine = co_await as_result(number_after(1, 1s));
  const auto of_task = co_await as_result(create_task(number_after(2, 1s)));
  const auto of_future = co_await as_result(future);

  EXPECT_EQ(of_coroutine.value(), 1);
  EXPECT_EQ(of_task.value(), 2);
  EXPECT_EQ(of_future.value(), 3);
}

ASYNC_TEST(AsResult, HoldsTheErrorOfACoroutineATaskAndAFuture) {
  const auto future = new_future();
  future.set_exception(std::runtime_error("oops"));

  const auto of_coroutine = co_await as_result(fail_after(1s));
  const auto of_task = co_await as_result(create_task(fail_after(1s)));
  const auto of_future = co_await as_result(future);

  EXPECT_EQ(text_of(of_coroutine), "std::runtime_error: oops");
  EXPECT_EQ(text_of(of_task), "std::runtime_error: oops");
  EXPECT_EQ(text_of(of_future), "std::runtime_error: oops");
}

ASYNC_TEST(AsResult, HoldsTheVeryErrorOfAFuture) {
  const auto future = new_future();
  const auto error = std::make_exception_ptr(std::runtime_error("oops"));
  future.set_exception(error);

  const auto result = co_await as_result(future);

  EXPECT_EQ(result.error(), error);
}

ASYNC_TEST(AsResult, IsCancelledWhenTheAwaitedTaskWasCancelled) {
  const auto task = create_task(for_ever());
  get_running_loop().call_later(1s, [&] { task.cancel("why"); });

  const auto running = co_await as_result(task);
  const auto done = co_await as_result(task);
  const auto by_coroutine =
      co_await as_result([](AnyFuture inner) -> Coroutine<void> { co_await inner; }(task));

  EXPECT_TRUE(running.cancelled());
  EXPECT_EQ(text_of(running), "CancelledError: why");
  EXPECT_TRUE(done.cancelled());
  EXPECT_TRUE(by_coroutine.cancelled());
}

/// Returns how `as_result(awaitable)` ends when its task is cancelled.
template <class A>
Coroutine<std::string> ending_when_cancelled(A awaitable) {
  const auto awaiting = [](A inner) -> Coroutine<void> {
    (void)co_await as_result(std::move(inner));
  };
  const auto task = create_task(awaiting(std::move(awaitable)));
  co_await pass(2);
  task.cancel();
  co_return co_await ending_of(task);
}

ASYNC_TEST(AsResult, ThrowsWhenTheAwaitingTaskIsCancelled) {
  const std::string of_coroutine = co_await ending_when_cancelled(for_ever());
  const std::string of_task = co_await ending_when_cancelled(create_task(for_ever()));
  const std::string of_future = co_await ending_when_cancelled(new_future());
  const std::string of_sleep = co_await ending_when_cancelled(sleep(9s));

  EXPECT_EQ(of_coroutine, "CancelledError");
  EXPECT_EQ(of_task, "CancelledError");
  EXPECT_EQ(of_future, "CancelledError");
  EXPECT_EQ(of_sleep, "CancelledError");
}

ASYNC_TEST(AsResult, ThrowsACancelThatWasRequestedBefore) {
  const auto awaiting = []() -> Coroutine<void> {
    current_task()->cancel();
    (void)co_await as_result(number_after(1, 1s));
  };

  const std::string ending = co_await ending_of(create_task(awaiting()));

  EXPECT_EQ(ending, "CancelledError");
}

ASYNC_TEST(AsResult, ThrowsACancelThatComesBetweenTheEndAndTheStep) {
  const auto future = new_future();
  const auto awaiting = [&]() -> Coroutine<void> { (void)co_await as_result(future); };
  const auto task = create_task(awaiting());
  co_await pass(1);

  future.set_result(1);
  task.cancel();
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError");
}

ASYNC_TEST(AsResult, ThrowsACancelThatIsDeliveredAfterAnUncancel) {
  const auto future = new_future();
  const auto awaiting = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {  // swallowed: cancelling() stays 1
    }
    (void)co_await as_result(future);
  };
  const auto task = create_task(awaiting());
  co_await pass(1);
  task.cancel();
  co_await pass(1);

  future.set_result(1);
  task.cancel();
  task.uncancel();
  const std::string ending = co_await ending_of(task);

  EXPECT_EQ(ending, "CancelledError");
}

ASYNC_TEST(AsResult, HoldsTheValueOfATaskThatSwallowsTheCancel) {
  const auto swallow = []() -> Coroutine<int> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_return 7;
  };
  int value = 0;
  const auto awaiting = [&]() -> Coroutine<void> {
    const auto result = co_await as_result(swallow());
    value = result.value();
  };
  const auto task = create_task(awaiting());
  co_await pass(1);

  task.cancel();
  co_await task;

  EXPECT_EQ(value, 7);
}

ASYNC_TEST(AsResult, IsNotConfusedByAnOlderCancel) {
  const auto inner = create_task(for_ever());
  bool cancelled = false;
  const auto awaiting = [&]() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {  // swallowed: cancelling() stays 1
    }
    const auto result = co_await as_result(inner);
    cancelled = result.cancelled();
  };
  const auto task = create_task(awaiting());
  co_await pass(1);
  task.cancel();
  co_await pass(1);

  inner.cancel();
  co_await task;

  EXPECT_TRUE(cancelled);
}

ASYNC_TEST(AsResult, LetsATimeoutPass) {
  const std::string ending = co_await ending_of(
      timeout(1s, []() -> Coroutine<void> { (void)co_await as_result(for_ever()); }));

  EXPECT_EQ(ending, test::kTimedOut);
}

ASYNC_TEST(AsResult, HoldsReferencesAndMoveOnlyValues) {
  int target = 1;
  const auto reference = [&]() -> Coroutine<int&> { co_return target; };
  const auto pointer = []() -> Coroutine<std::unique_ptr<int>> {
    co_return std::make_unique<int>(4);
  };

  const auto of_reference = co_await as_result(reference());
  auto of_pointer = co_await as_result(pointer());
  auto of_task = co_await as_result(create_task(pointer()));

  EXPECT_EQ(&of_reference.value().get(), &target);
  EXPECT_EQ(*std::move(of_pointer).value(), 4);
  EXPECT_EQ(*std::move(of_task).value(), 4);
}

ASYNC_TEST(AsResult, HoldsAnExceptionThatIsAValueAsAValue) {
  const auto give = []() -> Coroutine<std::exception_ptr> {
    co_return std::make_exception_ptr(std::runtime_error("value"));
  };

  const auto result = co_await as_result(give());

  EXPECT_TRUE(result.has_value());
  EXPECT_EQ(describe(result.value()), "std::runtime_error: value");
}

ASYNC_TEST(AsResult, TakesNoExtraTurn) {
  const auto at_once = []() -> Coroutine<int> { co_return 1; };
  const test::TurnCount turns;

  const auto result = co_await as_result(at_once());

  EXPECT_EQ(result.value(), 1);
  EXPECT_EQ(turns.now(), 0);
}

ASYNC_TEST(AsResult, HoldsMisuseAsAnError) {
  std::string text;
  const auto await_itself = [&]() -> Coroutine<void> {
    const auto result = co_await as_result(*current_task());
    text = text_of(result);
  };

  co_await create_task(await_itself());

  EXPECT_TRUE(text.starts_with("RuntimeError: Task cannot await on itself")) << text;
}

ASYNC_TEST(AsResult, EndsTheCoroutineBeforeItReturns) {
  LiveCount count;
  const auto hold = [](test::Live) -> Coroutine<void> { co_return; };

  auto coroutine = hold(count.make());
  const auto result = co_await as_result(std::move(coroutine));

  EXPECT_TRUE(result.has_value());
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(AsResult, CanBeATask) {
  const auto task = create_task(as_result(fail_after(1s)));

  const auto result = co_await task;

  EXPECT_EQ(text_of(result), "std::runtime_error: oops");
}

ASYNC_TEST(AsResult, TakesConstantStackInALoop) {
  const auto at_once = [](int i) -> Coroutine<int> { co_return i; };
  long long sum = 0;

  for (int i = 0; i < 1'000'000; ++i) {
    const auto result = co_await as_result(at_once(1));
    sum += result.value();
  }

  EXPECT_EQ(sum, 1'000'000);
}

}  // namespace
}  // namespace asyncio
