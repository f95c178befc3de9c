#include "asyncio/run/run.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::LiveCount;
using test::number_after;
using test::run_virtual;
using test::throws;
using test::Trace;
using test::wait_and_say;

TEST(Run, ReturnsTheValueOfMain) {  // B342
  EXPECT_EQ(run(number_after(7, 0s)), 7);
}

TEST(Run, ReturnsNothingIfMainReturnsVoid) {
  bool ran = false;
  const auto main = [&]() -> Coroutine<void> {
    ran = true;
    co_return;
  };

  run(main());

  EXPECT_TRUE(ran);
}

TEST(Run, ReturnsAMoveOnlyValue) {
  const auto main = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };

  EXPECT_EQ(*run(main()), 7);
}

TEST(Run, ReturnsAReference) {
  int number = 0;
  const auto main = [&]() -> Coroutine<int&> { co_return number; };

  EXPECT_EQ(&run(main()), &number);
}

TEST(Run, ThrowsTheErrorOfMain) {  // B342
  const auto main = []() -> Coroutine<void> {
    test::expect_no_reports(get_running_loop());
    co_await sleep(0s);
    throw std::runtime_error("no luck");
  };

  EXPECT_EQ(throws([&] { run(main()); }), "std::runtime_error: no luck");
}

TEST(Run, ThrowsCancelledErrorIfMainIsCancelled) {
  const auto main = []() -> Coroutine<void> {
    current_task()->cancel("enough");
    co_await sleep(0s);
  };

  EXPECT_EQ(throws([&] { run(main()); }), "CancelledError: enough");
}

TEST(Run, NamesMainAsTheFirstTaskOfItsLoop) {
  const auto main = []() -> Coroutine<std::string> { co_return current_task()->get_name(); };

  EXPECT_EQ(run(main()), "Task-1");
  EXPECT_EQ(run(main()), "Task-1");
}

TEST(Run, DestroysMainAndItsResultInTime) {
  LiveCount objects;
  const auto main = [&]() -> Coroutine<test::Live> {
    const test::Live local = objects.make();
    co_await sleep(0s);
    co_return objects.make();
  };

  {
    const test::Live result = run(main());
    EXPECT_EQ(objects.alive(), 1);
  }

  EXPECT_EQ(objects.alive(), 0);
}

TEST(Run, IsRefusedWhereALoopRuns) {  // B344
  const auto main = []() -> Coroutine<std::string> {
    co_return throws([] { (void)run(number_after(7, 0s)); });
  };

  EXPECT_EQ(run(main()), "RuntimeError: asyncio.run() cannot be called from a running event loop");
}

TEST(Run, ClosesItsLoop) {
  const auto main = []() -> Coroutine<LoopHandle> { co_return get_running_loop().handle(); };

  EXPECT_TRUE(run(main()).is_closed());
  EXPECT_EQ(find_running_loop(), nullptr);
}

TEST(Run, ClosesItsLoopEvenIfMainFails) {
  std::optional<LoopHandle> handle;
  const auto main = [&]() -> Coroutine<void> {
    handle = get_running_loop().handle();
    throw std::runtime_error("no luck");
    co_return;
  };

  EXPECT_NE(throws([&] { run(main()); }), "ok");

  EXPECT_TRUE(handle->is_closed());
}

TEST(Run, CreatesTheLoopThatItsOptionsDescribe) {
  const auto main = []() -> Coroutine<bool> { co_return get_running_loop().has_virtual_clock(); };
  RunOptions whole_loop;
  whole_loop.loop(test::virtual_clock());
  RunOptions only_clock;
  only_clock.clock(ClockKind::virtual_time);

  EXPECT_FALSE(run(main()));
  EXPECT_TRUE(run(main(), std::move(whole_loop)));
  EXPECT_TRUE(run(main(), std::move(only_clock)));
}

TEST(Run, CanRunInSeveralThreadsAtOnce) {
  const auto main = [](int given) -> Coroutine<int> {
    co_await sleep(1ms);
    co_return co_await to_thread([](int value) { return value; }, given);
  };

  int other = 0;
  std::thread thread([&] { other = run(main(1)); });
  const int own = run(main(2));
  thread.join();

  EXPECT_EQ(own, 2);
  EXPECT_EQ(other, 1);
}

TEST(Run, CanRunInAWorkerOfAnotherRun) {
  const auto main = []() -> Coroutine<int> {
    co_return co_await to_thread([] { return run(number_after(7, 0s)); });
  };

  EXPECT_EQ(run(main()), 7);
}

TEST(Run, ThrowsWhenMainStopsTheLoop) {
  Trace trace;
  const auto main = [&]() -> Coroutine<void> {
    get_running_loop().stop();
    co_await wait_and_say(&trace, "main");
  };

  EXPECT_EQ(throws([&] { run_virtual(main()); }),
            "RuntimeError: Event loop stopped before Future completed.");

  EXPECT_EQ(trace, (Trace{"main cancelled", "main has cleaned up at 1000"}));
}

}  // namespace
}  // namespace asyncio
