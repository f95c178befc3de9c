// Done callbacks.

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "asyncio/task/future.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using test::Live;
using test::LiveCount;
using test::new_future;
using test::pass;
using test::Reports;
using test::Trace;

ASYNC_TEST(Future, CallsACallbackInTheNextTurnIfAlreadyDone) {
  const auto future = new_future<int>();
  future.set_result(1);
  const test::TurnCount turns;
  int called_at = -1;

  future.add_done_callback([&](const AnyFuture& done) {
    called_at = turns.now();
    EXPECT_EQ(done, future);
  });
  EXPECT_EQ(called_at, -1);
  co_await pass(1);

  EXPECT_EQ(called_at, 1);
}

ASYNC_TEST(Future, CallsItsCallbacksAfterAnErrorAndACancelToo) {  // B20
  const auto failed = new_future<int>();
  const auto cancelled = new_future<int>();
  Trace trace;
  const auto note = [&](const AnyFuture& done) {
    trace.push_back(done.cancelled() ? "cancelled" : "failed");
  };
  failed.add_done_callback(note);
  cancelled.add_done_callback(note);

  failed.set_exception(std::runtime_error("oops"));
  cancelled.cancel();
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"failed", "cancelled"}));
  EXPECT_NE(failed.exception(), nullptr);
}

ASYNC_TEST(Future, RemovesACallbackAndKeepsTheOrderOfTheOthers) {  // B21, B22
  LiveCount count;
  const auto future = new_future<int>();
  Trace trace;
  std::vector<AnyFuture::CallbackId> ids;
  for (const char* name : {"a", "b", "c", "d"}) {
    ids.push_back(future.add_done_callback(
        [&trace, name, live = count.make()] { trace.emplace_back(name); }));
  }

  EXPECT_TRUE(future.remove_done_callback(ids[0]));
  EXPECT_TRUE(future.remove_done_callback(ids[2]));
  EXPECT_FALSE(future.remove_done_callback(ids[2]));
  ids.clear();
  EXPECT_EQ(count.alive(), 2);
  future.set_result(1);
  co_await pass(1);

  EXPECT_EQ(trace, (Trace{"b", "d"}));
  EXPECT_EQ(count.alive(), 0);
}

ASYNC_TEST(Future, DoesNotRemoveAQueuedCallback) {
  const auto future = new_future<int>();
  int calls = 0;
  const auto id = future.add_done_callback([&] { ++calls; });

  future.set_result(1);
  EXPECT_FALSE(future.remove_done_callback(id));
  co_await pass(1);

  EXPECT_EQ(calls, 1);
}

ASYNC_TEST(Future, AllowsACallbackToChangeTheList) {  // B23, D4
  const auto future = new_future<int>();
  Trace trace;
  AnyFuture::CallbackId second;
  future.add_done_callback([&](const AnyFuture& done) {
    trace.push_back("first");
    done.remove_done_callback(second);
    done.add_done_callback([&] { trace.push_back("added"); });
  });
  second = future.add_done_callback([&] { trace.push_back("second"); });

  future.set_result(1);
  co_await pass(2);

  EXPECT_EQ(trace, (Trace{"first", "second", "added"}));
}

ASYNC_TEST(Future, SurvivesACallbackWhoseDestructorChangesTheList) {  // B24, D4
  struct Remover {
    const Future<int>* future;
    AnyFuture::CallbackId other;
    ~Remover() { future->remove_done_callback(other); }
  };
  const auto future = new_future<int>();
  int calls = 0;
  auto remover = std::make_shared<Remover>();
  remover->future = &future;
  auto id = future.add_done_callback([remover, &calls] { ++calls; });
  remover->other = future.add_done_callback([&] { calls += 10; });
  remover.reset();

  future.remove_done_callback(id);
  id = {};  // destroys the callback, whose destructor removes the other one
  future.set_result(1);
  co_await pass(1);

  EXPECT_EQ(calls, 0);
}

ASYNC_TEST(Future, ReportsAThrowingCallbackAndCallsTheOthers) {
  const Reports reports(get_running_loop());
  const auto future = new_future<int>();
  bool called = false;
  future.add_done_callback([] { throw std::runtime_error("callback"); });
  future.add_done_callback([&] { called = true; });

  future.set_result(1);
  co_await pass(1);

  EXPECT_TRUE(called);
  EXPECT_EQ(reports.texts(), Trace{"Exception in callback: std::runtime_error: callback"});
}

ASYNC_TEST(Future, LivesUntilItsCallbacksHaveRun) {
  LiveCount count;
  bool called = false;
  {
    const auto future = new_future<Live>();
    future.add_done_callback([&](const AnyFuture& done) { called = done.done(); });
    future.set_result(count.make());
  }
  EXPECT_EQ(count.alive(), 1);

  co_await pass(1);

  EXPECT_TRUE(called);
  EXPECT_EQ(count.alive(), 0);
}

}  // namespace
}  // namespace asyncio
