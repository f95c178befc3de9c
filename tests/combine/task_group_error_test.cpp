// Errors in task groups.

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "asyncio/combine/task_group.hpp"
#include "combine/group_support.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::fail;
using test::fail_when_cancelled;
using test::for_ever;
using test::group_of;
using test::kOops;
using test::now_ms;
using test::pass;

ASYNC_TEST(TaskGroup, CancelsSiblingsAndBodyAtTheErrorOfAChild) {  // B163
  TaskGroup group;
  Task<void> sibling;
  bool body_went_on = false;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    sibling = group.create_task(for_ever());
    group.create_task(fail("oops", 1s));
    co_await sleep(9s);
    body_went_on = true;
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_TRUE(sibling.cancelled());
  EXPECT_FALSE(body_went_on);
  EXPECT_EQ(now_ms(), 1000);
}

ASYNC_TEST(TaskGroup, ThrowsTheErrorsInTheOrderInWhichTheChildrenEnded) {  // B163
  TaskGroup group;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail_when_cancelled("slow", 2s));
    group.create_task(fail_when_cancelled("quick", 1s));
    group.create_task(fail("first", 1s));
    co_return;
  }));

  EXPECT_EQ(ending, group_of("std::runtime_error: first, std::runtime_error: quick, "
                             "std::runtime_error: slow"));
}

ASYNC_TEST(TaskGroup, CancelsChildrenThatHaveNotStartedAtAnErrorOfTheBody) {  // B167
  TaskGroup group;
  Task<void> child;
  bool begun = false;
  const auto begin = [&]() -> Coroutine<void> {
    begun = true;
    co_return;
  };

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    child = group.create_task(begin());
    throw std::runtime_error("oops");
    co_return;
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_TRUE(child.cancelled());
  EXPECT_FALSE(begun);
}

ASYNC_TEST(TaskGroup, GroupsAnErrorThatABodyThrowsBeforeItReturnsACoroutine) {  // B167
  TaskGroup group;

  const std::string ending =
      co_await ending_of(group.run([]() -> Coroutine<void> { throw std::runtime_error("oops"); }));

  EXPECT_EQ(ending, kOops);
}

ASYNC_TEST(TaskGroup, GroupsAnErrorThatTheBodyThrowsInAnswerToACancel) {  // B168
  TaskGroup group;
  const auto parent = create_task(group.run([&] { return fail_when_cancelled("oops"); }));
  co_await pass(2);

  parent.cancel();
  const std::string ending = co_await ending_of(parent);

  EXPECT_EQ(ending, kOops);
}

ASYNC_TEST(TaskGroup, PutsTheBodysErrorLast) {  // B169
  TaskGroup group;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail("child", 1s));
    group.create_task(fail_when_cancelled("late child", 5s));
    co_await fail_when_cancelled("body");
  }));

  EXPECT_EQ(ending, group_of("std::runtime_error: child, std::runtime_error: late child, "
                             "std::runtime_error: body"));
}

ASYNC_TEST(TaskGroup, PutsTheErrorOfAnInnerGroupIntoItsOwn) {  // B170
  TaskGroup outer;
  TaskGroup inner;

  const std::string ending = co_await ending_of(outer.run([&]() -> Coroutine<void> {
    outer.create_task(fail_when_cancelled("outer"));
    co_await inner.run([&]() -> Coroutine<void> {
      inner.create_task(fail("inner", 1s));
      co_return;
    });
  }));

  EXPECT_EQ(ending,
            group_of("std::runtime_error: outer, " + group_of("std::runtime_error: inner")));
}

ASYNC_TEST(TaskGroup, CancelsAnInnerGroupThatAddsNoErrorOfItsOwn) {  // B171
  TaskGroup outer;
  TaskGroup inner;
  Task<void> inner_child;

  const std::string ending = co_await ending_of(outer.run([&]() -> Coroutine<void> {
    outer.create_task(fail("oops", 1s));
    co_await inner.run([&]() -> Coroutine<void> {
      inner_child = inner.create_task(for_ever());
      co_return;
    });
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_TRUE(inner_child.cancelled());
}

ASYNC_TEST(TaskGroup, ThrowsAnExitOfTheBodyAsItIs) {  // B172
  TaskGroup group;
  Task<void> child;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    child = group.create_task(fail_when_cancelled("oops"));
    co_await sleep(1s);
    throw SystemExit(3);
  }));

  EXPECT_EQ(ending, "SystemExit: 3");
  EXPECT_TRUE(child.done());
}

TEST(TaskGroup, ThrowsAnExitOfAChildAsItIs) {  // B172
  EventLoop loop(test::virtual_clock());
  TaskGroup group;
  const auto quit = []() -> Coroutine<void> {
    throw KeyboardInterrupt();
    co_return;
  };
  const auto parent = loop.create_task(group.run([&]() -> Coroutine<void> {
    group.create_task(quit());
    co_await for_ever();
  }));

  EXPECT_THROW(loop.run_until_complete(parent), KeyboardInterrupt);
  EXPECT_THROW(loop.run_until_complete(parent), KeyboardInterrupt);  // from the parent itself
  EXPECT_EQ(describe(parent.exception()), "KeyboardInterrupt");
}

ASYNC_TEST(TaskGroup, GroupsErrorsOfEveryOtherType) {  // B173
  TaskGroup group;
  const auto throw_number = []() -> Coroutine<void> {
    throw 5;
    co_return;
  };
  bool found = false;

  try {
    co_await group.run([&]() -> Coroutine<void> {
      group.create_task(throw_number());
      co_return;
    });
  } catch (const ExceptionGroup& errors) {
    found = errors.subgroup<int>().has_value();
  }

  EXPECT_TRUE(found);
}

ASYNC_TEST(TaskGroup, ThrowsItsOwnErrorWhenAnInnerGroupFailsInTheSameTurn) {  // B183
  TaskGroup outer;
  TaskGroup inner;
  const auto gate = get_running_loop().create_future<void>();
  const auto fail_at_gate = [&](const char* text) -> Coroutine<void> {
    co_await gate;
    throw std::runtime_error(text);
  };
  get_running_loop().call_later(1s, [&] { gate.set_result(); });
  std::string inner_ending;
  int cancelling_between = -1;

  const std::string ending = co_await ending_of(outer.run([&]() -> Coroutine<void> {
    outer.create_task(fail_at_gate("outer"));
    inner_ending = co_await ending_of(inner.run([&]() -> Coroutine<void> {
      inner.create_task(fail_at_gate("inner"));
      co_await for_ever();
    }));
    cancelling_between = current_task()->cancelling();
  }));

  EXPECT_EQ(inner_ending, group_of("std::runtime_error: inner"));
  EXPECT_EQ(cancelling_between, 1);
  EXPECT_EQ(ending, group_of("std::runtime_error: outer"));
  EXPECT_EQ(current_task()->cancelling(), 0);
}

}  // namespace
}  // namespace asyncio
