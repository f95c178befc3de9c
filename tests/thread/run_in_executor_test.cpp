#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "asyncio/thread/executor.hpp"
#include "support/async_test.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::ending_of;
using test::Gate;
using test::run_real;
using test::throw_no_luck;
using test::throws;

Coroutine<void> gives_the_value_to_the_loop() {  // B327
  const std::thread::id own = std::this_thread::get_id();

  const bool elsewhere =
      co_await run_in_executor([own] { return std::this_thread::get_id() != own; });

  EXPECT_TRUE(elsewhere);
}

TEST(RunInExecutor, ReturnsTheValueOfAFunctionOnAnotherThread) {
  run_real(gives_the_value_to_the_loop());
}

Coroutine<void> awaits_a_function_without_result() {
  bool ran = false;

  co_await run_in_executor([&] { ran = true; });

  EXPECT_TRUE(ran);
}

TEST(RunInExecutor, ReturnsNothingIfTheFunctionReturnsVoid) {
  run_real(awaits_a_function_without_result());
}

Coroutine<void> gives_a_move_only_value() {
  const auto value = co_await run_in_executor([] { return std::make_unique<int>(7); });

  EXPECT_EQ(*value, 7);
}

TEST(RunInExecutor, ReturnsAMoveOnlyValue) {
  run_real(gives_a_move_only_value());
}

Coroutine<void> gives_a_reference() {
  int number = 0;

  int& given = co_await run_in_executor([&]() -> int& { return number; });

  EXPECT_EQ(&given, &number);
}

TEST(RunInExecutor, ReturnsAReference) {
  run_real(gives_a_reference());
}

Coroutine<void> delivers_the_error() {
  EXPECT_EQ(co_await ending_of(run_in_executor(throw_no_luck)), "std::runtime_error: no luck");
}

TEST(RunInExecutor, ThrowsTheErrorOfTheFunction) {
  run_real(delivers_the_error());
}

struct ThrowsWhenMoved {
  ThrowsWhenMoved() = default;
  ThrowsWhenMoved(ThrowsWhenMoved&& other) : moves_left(other.moves_left - 1) {
    if (moves_left < 0) throw std::runtime_error("cannot be moved");
  }
  int moves_left = 1;  // one move out of the function, none into the future
};

Coroutine<void> delivers_the_error_of_a_move() {
  auto future = run_in_executor([] { return ThrowsWhenMoved(); });

  EXPECT_EQ(co_await ending_of(future), "std::runtime_error: cannot be moved");
}

TEST(RunInExecutor, ThrowsTheErrorOfAResultThatCannotBeMoved) {
  run_real(delivers_the_error_of_a_move());
}

Coroutine<void> moves_arguments() {
  auto argument = std::make_unique<int>(7);

  const int value = co_await run_in_executor([](std::unique_ptr<int> given) { return *given; },  //
                                             std::move(argument));

  EXPECT_EQ(value, 7);
}

TEST(RunInExecutor, MovesItsArgumentsToTheFunction) {
  run_real(moves_arguments());
}

Coroutine<void> keeps_arguments() {
  std::string text = "before";
  auto future = run_in_executor([](const std::string& given) { return given; }, text);
  text = "after";

  EXPECT_EQ(co_await future, "before");
}

TEST(RunInExecutor, KeepsItsArgumentsByValue) {
  run_real(keeps_arguments());
}

Coroutine<void> calls_a_member_function() {
  const std::string text = "four";

  EXPECT_EQ(co_await run_in_executor(&std::string::size, std::cref(text)), 4U);
}

TEST(RunInExecutor, CallsAMemberFunctionOfAReferencedObject) {
  run_real(calls_a_member_function());
}

Coroutine<void> starts_at_once() {
  Gate begun;

  const auto future = run_in_executor([&] { begun.open(); });
  begun.wait();  // blocks the loop

  co_await future;
}

TEST(RunInExecutor, StartsTheFunctionBeforeItIsAwaited) {
  run_real(starts_at_once());
}

Coroutine<void> leaves_the_loop_free() {
  Gate gate;
  const auto future = run_in_executor([&] { gate.wait(); });

  co_await test::pass(3);
  EXPECT_FALSE(future.done());
  gate.open();

  co_await future;
}

TEST(RunInExecutor, LetsTheLoopContinueMeanwhile) {
  run_real(leaves_the_loop_free());
}

Coroutine<void> destroys_the_function_on_the_worker() {
  std::thread::id ran_on;
  std::thread::id ended_on;
  auto capture = std::shared_ptr<void>(
      nullptr, [&](void* /*nothing*/) { ended_on = std::this_thread::get_id(); });
  auto function = [&, kept = std::move(capture)] { ran_on = std::this_thread::get_id(); };

  co_await run_in_executor(std::move(function));

  EXPECT_EQ(ended_on, ran_on);
}

TEST(RunInExecutor, DestroysTheFunctionOnTheThreadThatRanIt) {
  run_real(destroys_the_function_on_the_worker());
}

Coroutine<void> uses_an_own_executor() {
  ThreadPoolExecutor pool(1);

  const auto first = co_await run_in_executor(pool, std::this_thread::get_id);
  const auto other = co_await run_in_executor(std::this_thread::get_id);
  const auto second = co_await run_in_executor(pool, std::this_thread::get_id);

  EXPECT_EQ(first, second);
  EXPECT_NE(first, other);
}

TEST(RunInExecutor, UsesAGivenExecutor) {
  run_real(uses_an_own_executor());
}

Coroutine<void> uses_a_stopped_executor() {
  ThreadPoolExecutor pool(1);
  pool.shutdown(true);

  EXPECT_EQ(throws([&] { (void)run_in_executor(pool, [] {}); }),
            "RuntimeError: cannot schedule new futures after shutdown");
  EXPECT_EQ(get_running_loop().jobs_in_flight(), 0U);
  co_return;
}

TEST(RunInExecutor, IsRefusedByAnExecutorAfterItsShutdown) {
  run_real(uses_a_stopped_executor());
}

ASYNC_TEST(RunInExecutor, IsRefusedByAnExecutorAfterItsShutdownOnAVirtualClock) {
  ThreadPoolExecutor pool(1);
  pool.shutdown(true);

  EXPECT_EQ(throws([&] { (void)run_in_executor(pool, [] {}); }),
            "RuntimeError: cannot schedule new futures after shutdown");
  co_await sleep(1s);  // the refused function never gets a turn
}

TEST(RunInExecutor, NeedsARunningLoop) {
  EXPECT_EQ(throws([] { (void)run_in_executor([] {}); }), "RuntimeError: no running event loop");
}

Coroutine<void> counts_jobs() {
  const EventLoop& loop = get_running_loop();
  EXPECT_EQ(loop.jobs_in_flight(), 0U);
  Gate gate;

  const auto first = run_in_executor([&] { gate.wait(); });
  const auto second = run_in_executor([] {});
  EXPECT_EQ(loop.jobs_in_flight(), 2U);
  co_await second;
  EXPECT_EQ(loop.jobs_in_flight(), 1U);
  gate.open();
  co_await first;

  EXPECT_EQ(loop.jobs_in_flight(), 0U);
}

TEST(RunInExecutor, IsCountedByTheLoopUntilItsResultArrives) {
  run_real(counts_jobs());
}

Coroutine<void> gathers_many() {
  std::vector<Future<int>> futures;
  for (int i = 0; i < 500; ++i) futures.push_back(run_in_executor([i] { return i; }));

  const std::vector<int> values = co_await gather(std::move(futures));

  for (int i = 0; i < 500; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
}

TEST(RunInExecutor, DeliversEachOfManyResultsToItsFuture) {
  run_real(gathers_many());
}

}  // namespace
}  // namespace asyncio
