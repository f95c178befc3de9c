#include "asyncio/task/await_graph.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::pass;

Coroutine<void> inner(Future<void> future) {
  co_await future;
}
Coroutine<void> outer(Future<void> future) {
  co_await inner(future);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

ASYNC_TEST(TaskStack, ListsTheCoroutinesOfASuspendedTaskOutermostFirst) {  // B58
  const auto future = get_running_loop().create_future<void>();
  const auto task = create_task(outer(future));
  co_await pass(1);

  const std::vector<CallSite> stack = task.get_stack();
  std::ostringstream printed;
  task.print_stack(printed);
  future.set_result();
  co_await task;

  EXPECT_EQ(stack.size(), 2U);
  EXPECT_TRUE(stack.front().function.ends_with("outer")) << stack.front().function;
  EXPECT_TRUE(stack.back().function.ends_with("inner")) << stack.back().function;
  EXPECT_EQ(stack.back().line, 18U);
  EXPECT_TRUE(printed.str().starts_with("Stack for Task-2 (most recent call last):\n  "));
  EXPECT_TRUE(contains(printed.str(), "inner() at "));
}

ASYNC_TEST(TaskStack, IsEmptyForADoneTask) {  // B58
  const auto task = create_task(pass(0));
  co_await task;
  std::ostringstream printed;

  task.print_stack(printed);

  EXPECT_TRUE(task.get_stack().empty());
  EXPECT_EQ(printed.str(), "No stack for Task-2\n");
}

TEST(TaskStack, IsEmptyForATaskDestroyedByClose) {
  EventLoop loop;
  loop.set_exception_handler([](EventLoop&, const ExceptionContext&) {});
  const auto task = loop.create_task(outer(loop.create_future<void>()));
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(task.get_stack().size(), 2U);

  loop.close();

  EXPECT_TRUE(task.get_stack().empty());
  EXPECT_TRUE(to_string(task).starts_with("<Task 'Task-1' pending made in ")) << to_string(task);
}

ASYNC_TEST(TaskStack, HoldsOneCoroutineForATaskThatHasNotStarted) {
  const auto task = create_task(outer(get_running_loop().create_future<void>()));

  const std::vector<CallSite> stack = task.get_stack();
  task.cancel();
  co_await pass(2);

  EXPECT_EQ(stack.size(), 1U);
  EXPECT_TRUE(stack.front().function.ends_with("outer"));
}

ASYNC_TEST(DescribeWaits, ShowsWhereEachTaskIsAndWhatItWaitsFor) {
  const auto sleeper = create_task(pass(1), "sleeper");
  const auto waiter = create_task([&]() -> Coroutine<void> { co_await sleeper; });
  const auto naps = create_task([]() -> Coroutine<void> { co_await sleep(1s); });
  co_await pass(1);

  const std::string text = describe_waits(get_running_loop());
  co_await naps;

  EXPECT_TRUE(contains(text, "  Task-1 in ")) << text;
  EXPECT_TRUE(contains(text, " running\n")) << text;
  EXPECT_TRUE(contains(text, " waits for sleeper\n")) << text;
  EXPECT_TRUE(contains(text, " waits for sleep()")) << text;
}

ASYNC_TEST(TextForm, ShowsAFuturesStateResultAndCallbacks) {  // B29, B30
  EventLoop& loop = get_running_loop();
  const auto pending = loop.create_future<int>();
  const auto done = loop.create_future<int>();
  const auto failed = loop.create_future<std::string>();
  const auto cancelled = loop.create_future<void>();
  pending.add_done_callback([] {});
  done.set_result(3);
  failed.set_exception(ValueError("bad"));
  cancelled.cancel();

  EXPECT_TRUE(to_string(pending).starts_with("<Future pending callbacks=1 made in "));
  EXPECT_TRUE(contains(to_string(pending), "await_graph_test.cpp:"));
  EXPECT_TRUE(to_string(done).starts_with("<Future finished result=3 made in "));
  EXPECT_TRUE(to_string(failed).starts_with("<Future finished exception=ValueError: bad made in "));
  EXPECT_TRUE(to_string(cancelled).starts_with("<Future cancelled made in "));
  EXPECT_NE(failed.exception(), nullptr);
  pending.cancel();
  co_return;
}

ASYNC_TEST(TextForm, ShowsATasksNamePlaceAndWhatItWaitsFor) {  // B56, B57
  const auto other = create_task(pass(3), "other");
  const auto task = create_task([&]() -> Coroutine<void> { co_await other; });
  co_await pass(1);

  const std::string waiting = to_string(task);
  task.cancel();
  const std::string cancelling = to_string(task);
  co_await pass(3);

  EXPECT_TRUE(waiting.starts_with("<Task 'Task-2' pending in ")) << waiting;
  EXPECT_TRUE(contains(waiting, " waits for other made in ")) << waiting;
  EXPECT_TRUE(contains(waiting, "await_graph_test.cpp:")) << waiting;
  EXPECT_TRUE(cancelling.starts_with("<Task 'Task-2' cancelling in ")) << cancelling;
  EXPECT_TRUE(to_string(task).starts_with("<Task 'Task-2' cancelled made in "));
}

ASYNC_TEST(TextForm, IsFiniteForTasksThatAwaitEachOther) {  // B31
  Task<void> a;
  Task<void> b;
  a = create_task([&]() -> Coroutine<void> { co_await b; });
  const auto way_out = get_running_loop().create_future<void>();
  b = create_task([&]() -> Coroutine<void> { co_await gather(a, way_out); });
  co_await pass(2);

  const std::string text = to_string(a) + to_string(b);
  way_out.set_exception(ValueError("end"));

  EXPECT_TRUE(contains(text, "waits for Task-3")) << text;
  EXPECT_EQ(co_await test::ending_of(a), "ValueError: end");
}

}  // namespace
}  // namespace asyncio
