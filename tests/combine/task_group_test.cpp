#include "asyncio/combine/task_group.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::for_ever;
using test::Live;
using test::LiveCount;
using test::now_ms;
using test::pass;
using test::Reports;
using test::run_virtual;
using test::throws;
using test::Trace;

Coroutine<int> number_after(int value, Duration delay) {
  co_await sleep(delay);
  co_return value;
}
Coroutine<void> nap(Duration delay) {
  co_await sleep(delay);
}
Coroutine<void> fail(const char* text, Duration delay) {
  co_await sleep(delay);
  throw std::runtime_error(text);
}
/// When it is cancelled it takes `cleanup` long, and then fails.
Coroutine<void> fail_when_cancelled(const char* text, Duration cleanup = 0s) {
  try {
    co_await for_ever();
  } catch (const CancelledError&) {
  }
  co_await sleep(cleanup);
  throw std::runtime_error(text);
}

/// What describe() says of a TaskGroup's error with these members.
std::string group_of(const std::string& members) {
  return "ExceptionGroup: unhandled errors in a TaskGroup [" + members + "]";
}
const std::string kOops = group_of("std::runtime_error: oops");

ASYNC_TEST(TaskGroup, GivesTheBodysResultAfterTheEndOfAllChildren) {  // B161
  TaskGroup group;
  Task<int> child;

  const int sum = co_await group.run([&]() -> Coroutine<int> {
    child = group.create_task(number_after(1, 3s));
    co_return co_await group.create_task(number_after(2, 1s));
  });

  EXPECT_EQ(sum, 2);
  EXPECT_EQ(child.result(), 1);
  EXPECT_EQ(now_ms(), 3000);
}

ASYNC_TEST(TaskGroup, WaitsForChildrenThatAreAddedLate) {  // B161
  TaskGroup group;

  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(nap(1s));
    co_await sleep(5s);
    group.create_task(nap(2s));
  });

  EXPECT_EQ(now_ms(), 7000);
}

ASYNC_TEST(TaskGroup, ResumesTwoTurnsAfterTheLastEnd) {  // SEMANTICS 4
  const auto future = get_running_loop().create_future<void>();
  const auto await_it = [&]() -> Coroutine<void> { co_await future; };
  const test::TurnCount turns;
  TaskGroup group;
  get_running_loop().call_later(0s, [&] { future.set_result(); });

  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(await_it());
    co_return;
  });

  EXPECT_EQ(turns.now(), 2 + 2);  // the child's end is in the second turn
}

ASYNC_TEST(TaskGroup, IsNotDisturbedByAChildThatIsCancelledByItself) {  // B162
  TaskGroup group;
  Task<void> child;
  Task<int> other;

  co_await group.run([&]() -> Coroutine<void> {
    child = group.create_task(for_ever());
    other = group.create_task(number_after(2, 2s));
    co_await sleep(1s);
    child.cancel();
  });

  EXPECT_TRUE(child.cancelled());
  EXPECT_EQ(other.result(), 2);
}

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
  parent.cancel();  // aborts once: the child is left alone
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

ASYNC_TEST(TaskGroup, TurnsACancelIntoAGroupWhenChildrenFailMeanwhile) {  // B166
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

ASYNC_TEST(TaskGroup, CancelsChildrenThatHaveNotBegunAtAnErrorOfTheBody) {  // B167
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

ASYNC_TEST(TaskGroup, CancelsAnInnerGroupWhichAddsNoErrorOfItsOwn) {  // B171
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

ASYNC_TEST(TaskGroup, LetsAnExitRequestOfTheBodyOutAsItself) {  // B172
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

TEST(TaskGroup, LetsAnExitRequestOfAChildOutAsItself) {  // B172
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
  EXPECT_THROW(loop.run_until_complete(parent), KeyboardInterrupt);  // the parent's own
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

ASYNC_TEST(TaskGroup, LetsGoOfFinishedChildrenAtOnce) {  // B174
  LiveCount count;
  TaskGroup group;
  const auto give = [](Live live) -> Coroutine<Live> { co_return live; };
  int alive_meanwhile = -1;

  co_await group.run([&]() -> Coroutine<void> {
    auto live = count.make();
    group.create_task(give(std::move(live)));
    co_await sleep(1s);
    alive_meanwhile = count.alive() - 1;  // `live` itself is one
  });

  EXPECT_EQ(alive_meanwhile, 0);
}

ASYNC_TEST(TaskGroup, TakesChildrenOfItsChildrenAlsoWhileItWaits) {  // B175
  TaskGroup group;
  int finished = 0;
  const std::function<Coroutine<void>(int)> split = [&](int depth) -> Coroutine<void> {
    co_await sleep(1s);
    if (depth > 0) {
      group.create_task(split(depth - 1));
      group.create_task(split(depth - 1));
    }
    ++finished;
  };

  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(split(3));
    co_return;
  });

  EXPECT_EQ(finished, 15);
  EXPECT_EQ(now_ms(), 4000);
}

ASYNC_TEST(TaskGroup, IsNotKeptAliveByChildrenThatAddChildrenWhenItFails) {  // B176
  TaskGroup group;
  const std::function<Coroutine<void>()> go_on = [&]() -> Coroutine<void> {
    co_await sleep(1s);
    group.create_task(go_on());
    co_await for_ever();
  };

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(go_on());
    co_await sleep(5500ms);
    throw std::runtime_error("oops");
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_EQ(now_ms(), 5500);
}

ASYNC_TEST(TaskGroup, NamesItsChildren) {  // B177
  TaskGroup group;
  std::string by_name;
  std::string by_options;

  co_await group.run([&]() -> Coroutine<void> {
    by_name = group.create_task(nap(0s), "first").get_name();
    by_options = group.create_task(nap(0s), TaskOptions().name("second")).get_name();
    co_return;
  });

  EXPECT_EQ(by_name, "first");
  EXPECT_EQ(by_options, "second");
}

ASYNC_TEST(TaskGroup, MakesChildrenOfCallablesAndOfAwaitables) {
  TaskGroup group;
  Task<int> by_call;
  Task<void> sleeper;

  co_await group.run([&]() -> Coroutine<void> {
    by_call = group.create_task([](int value) { return number_after(value, 1s); }, 7);
    sleeper = group.create_task(sleep(2s));
    co_return;
  });

  EXPECT_EQ(by_call.result(), 7);
  EXPECT_TRUE(sleeper.done());
  EXPECT_EQ(now_ms(), 2000);
}

ASYNC_TEST(TaskGroup, CountsTheErrorOfAnEagerChildAtOnce) {
  TaskGroup group;
  const auto fail_now = []() -> Coroutine<void> {
    throw std::runtime_error("oops");
    co_return;
  };
  std::string refusal;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail_now(), TaskOptions().eager_start(true));
    refusal = throws([&] { group.create_task(nap(0s)); });
    co_return;
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_EQ(refusal, "RuntimeError: <TaskGroup errors=1 cancelling> is shutting down");
}

ASYNC_TEST(TaskGroup, RefusesChildrenWhileItShutsDown) {  // B178
  TaskGroup group;
  std::string refusal;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail_when_cancelled("late", 5s));
    group.create_task(fail("oops", 1s));
    try {
      co_await for_ever();
    } catch (const CancelledError&) {
    }
    refusal = throws([&] { group.create_task(nap(0s)); });
  }));

  EXPECT_EQ(ending, group_of("std::runtime_error: oops, std::runtime_error: late"));
  EXPECT_EQ(refusal, "RuntimeError: <TaskGroup tasks=1 errors=1 cancelling> is shutting down");
}

ASYNC_TEST(TaskGroup, RefusesChildrenBeforeItsBeginningAndAfterItsEnd) {  // B179
  LiveCount count;
  TaskGroup group;
  const auto hold = [](Live) -> Coroutine<void> { co_return; };
  const auto add = [&] { group.create_task(hold(count.make())); };

  const std::string before = throws(add);
  co_await group.run([]() -> Coroutine<void> { co_return; });
  const std::string after = throws(add);

  EXPECT_EQ(before, "RuntimeError: <TaskGroup> has not been entered");
  EXPECT_EQ(after, "RuntimeError: <TaskGroup entered> is finished");
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(TaskGroup, RunsOnceOnly) {  // B180
  TaskGroup group;
  const auto nothing = []() -> Coroutine<void> { co_return; };

  std::string inside;
  co_await group.run([&]() -> Coroutine<void> { inside = co_await ending_of(group.run(nothing)); });
  const std::string afterwards = co_await ending_of(group.run(nothing));

  EXPECT_EQ(inside, "RuntimeError: <TaskGroup entered> has already been entered");
  EXPECT_EQ(afterwards, inside);
}

ASYNC_TEST(TaskGroup, LeavesItsParentsCancelCountAsItWas) {  // B182
  TaskGroup group;

  const std::string ending = co_await ending_of(group.run([&]() -> Coroutine<void> {
    group.create_task(fail("oops", 0s));
    co_await for_ever();
  }));

  EXPECT_EQ(ending, kOops);
  EXPECT_EQ(current_task()->cancelling(), 0);
  co_await sleep(1s);  // nothing is left to be delivered
}

ASYNC_TEST(TaskGroup, OfTwoNestedOnesThatFailInOneTurnEachThrowsItsOwnError) {  // B183
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

ASYNC_TEST(TaskGroup, WithinATimeoutThrowsItsOwnErrorWhenCleanupFails) {  // B153
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

ASYNC_TEST(TaskGroup, WithinATimeoutEndsByIt) {
  TaskGroup group;

  const std::string ending = co_await ending_of(timeout(1s, [&] {
    return group.run([&]() -> Coroutine<void> {
      group.create_task(for_ever());
      co_return;
    });
  }));

  EXPECT_EQ(ending, "TimeoutError: timed out");
}

ASYNC_TEST(TaskGroup, PassesItselfToABodyThatTakesIt) {
  TaskGroup group;

  const int value = co_await group.run([](TaskGroup& self) -> Coroutine<int> {
    co_return co_await self.create_task(number_after(3, 0s));
  });

  EXPECT_EQ(value, 3);
}

ASYNC_TEST(TaskGroup, GivesReferencesAndMoveOnlyResults) {
  int target = 1;
  TaskGroup first;
  TaskGroup second;

  int& same = co_await first.run([&]() -> Coroutine<int&> { co_return target; });
  const auto moved = co_await second.run(
      []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(4); });

  EXPECT_EQ(&same, &target);
  EXPECT_EQ(*moved, 4);
}

ASYNC_TEST(TaskGroup, SaysWhomItWaitsFor) {
  TaskGroup group;
  const auto parent = create_task(group.run([&]() -> Coroutine<void> {
    group.create_task(for_ever(), "a");
    group.create_task(nap(1s), "b");
    group.create_task(for_ever(), "c");
    co_return;
  }));
  co_await sleep(2s);

  const std::string waits_for = test::waits_for(parent);
  parent.cancel();
  (void)co_await ending_of(parent);

  EXPECT_EQ(waits_for, "TaskGroup of a, c");
}

ASYNC_TEST(TaskGroup, TellsItsStateAsText) {
  TaskGroup group;
  std::string inside;

  const std::string before = to_string(group);
  co_await group.run([&]() -> Coroutine<void> {
    group.create_task(nap(1s));
    inside = to_string(group);
    co_return;
  });

  EXPECT_EQ(before, "<TaskGroup>");
  EXPECT_EQ(inside, "<TaskGroup tasks=1 entered>");
}

TEST(TaskGroup, IsDestroyedSafelyWithChildrenWhenItsLoopCloses) {
  LiveCount count;
  {
    EventLoop loop(test::virtual_clock());
    const Reports reports(loop);
    const auto hold = [](Live) { return for_ever(); };
    const auto body = [&](TaskGroup& group) -> Coroutine<void> {
      auto live = count.make();
      group.create_task(hold, std::move(live));
      co_await for_ever();
    };
    const auto parent = [&]() -> Coroutine<void> {
      TaskGroup group;
      co_await group.run(body);
    };
    const auto task = loop.create_task(parent());
    loop.call_later(1s, [&] { loop.stop(); });
    loop.run_forever();
    EXPECT_GT(count.alive(), 0);
  }

  EXPECT_EQ(count.alive(), 0);
}

// --- cancel() ---

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
  co_await sleep(1s);  // nothing is left to be delivered
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

ASYNC_TEST(TaskGroupCancel, IsACancelledErrorWhereTheBodyOwesAResult) {
  TaskGroup group;
  get_running_loop().call_later(1s, [&] { group.cancel(); });

  const std::string ending = co_await ending_of(group.run([&] { return number_after(1, 9s); }));

  EXPECT_EQ(ending, "CancelledError");
  EXPECT_EQ(current_task()->cancelling(), 0);
}

ASYNC_TEST(TaskGroupCancel, CalledInTheBodyEndsItAtItsNextAwait) {
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

ASYNC_TEST(TaskGroupCancel, LeavesNothingBehindInABodyThatAwaitsNoMore) {
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

ASYNC_TEST(TaskGroupCancel, StillThrowsErrorsThatAreMetMeanwhile) {
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

ASYNC_TEST(TaskGroupCancel, BeforeTheBeginningEndsTheBodyAtItsFirstAwait) {
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

ASYNC_TEST(TaskGroupCancel, AfterTheEndDoesNothing) {
  TaskGroup group;
  co_await group.run([]() -> Coroutine<void> { co_return; });

  group.cancel();
  co_await sleep(1s);

  EXPECT_EQ(current_task()->cancelling(), 0);
}

}  // namespace
}  // namespace asyncio
