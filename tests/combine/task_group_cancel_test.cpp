// TaskGroup::cancel().

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "asyncio/combine/task_group.hpp"
#include "combine/group_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail_when_cancelled;
using test::for_ever;
using test::group_of;
using test::kOops;
using test::nap;
using test::now_ms;
using test::number_after;
using test::pass;
using test::Trace;

ASYNC_TEST(TaskGroupCancel, EndsBodyAndChildrenWithoutAnError) {
  TaskGroup group;
  Task<void> child;
  bool body_went_on = false;
  get_running_loop().call_later(1s, [&] { group.cancel(); });

  co_await group.run([&]() -> Coroutine<void> {
    child = group.create_task(for_ever());
    co_await for_ever();
    body_went_on = true;
  });

  EXPECT_TRUE(child.cancelled());
  EXPECT_FALSE(body_went_on);
  EXPECT_EQ(now_ms(), 1000);
  EXPECT_EQ(current_task()->cancelling(), 0);
  co_await sleep(1s);  // no cancel is left to be delivered
}

ASYNC_TEST(TaskGroupCancel, EndsTheWaitForTheChildrenAndKeepsTheBodysResult) {
  TaskGroup group;
  get_running_loop().call_later(1s, [&] { group.cancel(); });

  const int value = co_await group.run([&]() -> Coroutine<int> {
    group.create_task(for_ever());
    co_return 5;
  });

  EXPECT_EQ(value, 5);
  EXPECT_EQ(now_ms(), 1000);
}

ASYNC_TEST(TaskGroupCancel, ThrowsCancelledErrorIfTheBodyHasNoResultYet) {
  TaskGroup group;
  get_running_loop().call_later(1s, [&] { group.cancel(); });

  const std::string ending = co_await ending_of(group.run([&] { return number_after(1, 9s); }));

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(current_task()->cancelling(), 0);
}

ASYNC_TEST(TaskGroupCancel, EndsTheBodyThatCallsItAtItsNextAwait) {
  TaskGroup group;
  bool went_on = false;

  co_await group.run([&]() -> Coroutine<void> {
    group.cancel();
    co_await sleep(1s);
    went_on = true;
  });

  EXPECT_FALSE(went_on);
  EXPECT_EQ(now_ms(), 0);
}

ASYNC_TEST(TaskGroupCancel, LeavesNoCancelBehindIfTheBodyAwaitsNothingMore) {
  TaskGroup group;

  co_await group.run([&]() -> Coroutine<void> {
    group.cancel();
    co_return;
  });
  co_await sleep(1s);

  EXPECT_EQ(current_task()->cancelling(), 0);
}

ASYNC_TEST(TaskGroupCancel, CancelsOnceOnly) {
  TaskGroup group;
  int cancels = 0;
  const auto stubborn = [&]() -> Coroutine<void> {
    const TimePoint end = get_running_loop().time() + 5s;
    while (get_running_loop().time() < end) {
      try {
        co_await sleep(end - get_running_loop().time());
      } catch (const CancelledError&) {
        ++cancels;
      }
    }
  };
  get_running_loop().call_later(1s, [&] { group.cancel(); });
  get_running_loop().call_later(2s, [&] { group.cancel(); });

  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(stubborn());
    co_return;
  });

  EXPECT_EQ(cancels, 1);
  EXPECT_EQ(now_ms(), 5000);
}

ASYNC_TEST(TaskGroupCancel, ThrowsErrorsThatOccurMeanwhile) {
  TaskGroup group;
  get_running_loop().call_later(1s, [&] { group.cancel(); });

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail_when_cancelled("oops"));
    co_await for_ever();
  }));

  EXPECT_EQ(ending, kOops);
}

ASYNC_TEST(TaskGroupCancel, DoesNotHideACancelFromOutside) {
  TaskGroup group;
  const auto parent = create_task(group.run([&]() -> Coroutine<void> {
    group.create_task(for_ever());
    co_await for_ever();
  }));
  co_await pass(2);

  group.cancel();
  parent.cancel();
  const std::string ending = co_await ending_of(parent);

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_TRUE(parent.cancelled());
}

ASYNC_TEST(TaskGroupCancel, RefusesFurtherChildren) {
  TaskGroup group;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(for_ever());
    group.cancel();
    group.create_task(nap(0s));
    co_return;
  }));

  EXPECT_EQ(ending, group_of("RuntimeError: <TaskGroup tasks=1 cancelling> is shutting down"));
}

ASYNC_TEST(TaskGroupCancel, EndsTheBodyAtItsFirstAwaitIfCalledBeforeRun) {
  TaskGroup group;
  Trace trace;
  group.cancel();

  co_await group.run([&]() -> Coroutine<void> {
    trace.push_back("begins");
    co_await sleep(1s);
    trace.push_back("goes on");
  });

  EXPECT_EQ(trace, Trace{"begins"});
}

ASYNC_TEST(TaskGroupCancel, DoesNothingAfterTheEnd) {
  TaskGroup group;
  co_await group.run([]() -> Coroutine<void> { co_return; });

  group.cancel();
  co_await sleep(1s);

  EXPECT_EQ(current_task()->cancelling(), 0);
}

TEST(TaskGroupCancel, LetsTheGroupOutliveItsLoop) {
  TaskGroup group;
  {
    EventLoop loop(test::virtual_clock());
    const test::Reports reports(loop);
    const auto main = [&]() -> Coroutine<void> {
      co_await group.run([&]() -> Coroutine<void> {
        group.create_task(sleep(5s));
        co_await sleep(10s);
      });
    };
    const auto task = loop.create_task(main());
    loop.advance(1s);
  }
  group.cancel();  // has nothing left to cancel
}

}  // namespace
}  // namespace asyncio
