// Task groups whose task is cancelled from outside, by another task or by a timeout.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "asyncio/combine/task_group.hpp"
#include "combine/group_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail;
using test::fail_when_cancelled;
using test::for_ever;
using test::kOops;
using test::now_ms;
using test::pass;

ASYNC_TEST(TaskGroup, CancelsEveryChildWhenItsParentIsCancelledAtTheExit) {  // B164
  TaskGroup group;
  std::vector<Task<void>> children;
  const auto parent = create_task(group.run([&]() -> Coroutine<void> {
    for (int i = 0; i < 3; ++i) children.push_back(group.create_task(for_ever()));
    co_return;
  }));
  co_await pass(2);

  parent.cancel("why");
  const std::string ending = co_await ending_of(parent);

  EXPECT_EQ(ending, "CancelledError: why");
  for (const auto& child : children) EXPECT_TRUE(child.cancelled());
}

ASYNC_TEST(TaskGroup, WaitsForCancelledChildrenThroughFurtherCancels) {  // B164
  TaskGroup group;
  const auto clean_up = []() -> Coroutine<void> {
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    co_await sleep(5s);
  };
  const auto parent = create_task(group.run([&]() -> Coroutine<void> {
    group.create_task(clean_up());
    co_return;
  }));
  co_await pass(2);

  parent.cancel();
  co_await sleep(1s);
  parent.cancel();  // a group aborts only once: the child is not cancelled again
  const std::string ending = co_await ending_of(parent);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(now_ms(), 5000);
}

ASYNC_TEST(TaskGroup, CancelsBodyAndChildrenWhenItsParentIsCancelledInTheBody) {  // B165
  TaskGroup group;
  Task<void> child;
  bool body_saw_it = false;
  const auto parent = create_task(group.run([&]() -> Coroutine<void> {
    child = group.create_task(for_ever());
    try {
      co_await sleep(9s);
    } catch (const CancelledError&) {
      body_saw_it = true;
      throw;
    }
  }));
  co_await pass(2);

  parent.cancel();
  const std::string ending = co_await ending_of(parent);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_TRUE(body_saw_it);
  EXPECT_TRUE(child.cancelled());
}

ASYNC_TEST(TaskGroup, ThrowsAGroupInPlaceOfACancelWhenChildrenFailMeanwhile) {  // B166
  TaskGroup group;
  const auto parent = create_task(group.run([&]() -> Coroutine<void> {
    group.create_task(fail_when_cancelled("oops"));
    co_await for_ever();
  }));
  co_await pass(2);

  parent.cancel();
  const std::string ending = co_await ending_of(parent);

  EXPECT_EQ(ending, kOops);
}

ASYNC_TEST(TaskGroup, LeavesItsParentsCancelCountUnchanged) {  // B182
  TaskGroup group;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail("oops", 0s));
    co_await for_ever();
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_EQ(current_task()->cancelling(), 0);
  co_await sleep(1s);  // no cancel is left to be delivered
}

ASYNC_TEST(TaskGroup, KeepsAnOutsideCancelThatCoincidesWithAnError) {  // B184
  TaskGroup group;
  std::string group_ending;
  std::string next_await;
  const auto work = [&]() -> Coroutine<void> {
    group_ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
      group.create_task(fail_when_cancelled("oops"));
      co_await for_ever();
    }));
    next_await = co_await ending_of(sleep(1s));
  };
  const auto parent = create_task(work());
  co_await pass(2);

  parent.cancel();
  co_await parent;

  EXPECT_EQ(group_ending, kOops);
  EXPECT_EQ(next_await, "CancelledError");
  EXPECT_EQ(parent.cancelling(), 1);
}

ASYNC_TEST(TaskGroup, ThrowsItsOwnErrorWhenCleanupFailsAfterATimeout) {  // B153
  TaskGroup group;

  const std::string ending = co_await ending_of(timeout(1s, [&] {
    return group.run([&]() -> Coroutine<void> {
      group.create_task(fail_when_cancelled("oops"));
      co_return;
    });
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_EQ(current_task()->cancelling(), 0);
}

ASYNC_TEST(TaskGroup, EndsWithTheTimeoutAroundIt) {
  TaskGroup group;

  const std::string ending = co_await ending_of(timeout(1s, [&] {
    return group.run([&]() -> Coroutine<void> {
      group.create_task(for_ever());
      co_return;
    });
  }));

  EXPECT_EQ(ending, test::kTimedOut);
}

}  // namespace
}  // namespace asyncio
