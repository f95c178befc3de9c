// wrap_future().

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include "asyncio/thread/threadsafe.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"
#include "thread/real_time.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::count_tasks_left;
using test::ending_of;
using test::fail;
using test::for_ever;
using test::number_after;
using test::pass;
using test::run_real;
using test::throws;
using test::Trace;
using test::wait_and_note;

Coroutine<void> awaits_another_loop() {
  LoopThread other;

  EXPECT_EQ(co_await wrap_future(other.run(number_after(7, 1ms))), 7);
  co_await wrap_future(other.run(pass(1)));
  const auto make = []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
  EXPECT_EQ(*co_await wrap_future(other.run(make())), 7);
  const auto over = other.run(number_after(7, 0s));
  EXPECT_EQ(over.result(), 7);
  EXPECT_EQ(co_await wrap_future(over), 7);
}

TEST(WrapFuture, ReturnsTheValueFromAnotherThreadsLoop) {  // B339
  run_real(awaits_another_loop());
}

Coroutine<void> fails_with_another_loop() {
  LoopThread other;

  auto future = wrap_future(other.run(fail("oops")));

  EXPECT_EQ(co_await ending_of(future), "std::runtime_error: oops");
  other.stop();
}

TEST(WrapFuture, ThrowsTheErrorFromAnotherThreadsLoop) {
  run_real(fails_with_another_loop());
}

ASYNC_TEST(WrapFuture, ReturnsAFutureOfALoopAsItIs) {  // B339
  const auto future = test::new_future();

  EXPECT_EQ(wrap_future(future), future);
  co_return;
}

TEST(WrapFuture, NeedsARunningLoop) {  // B340
  LoopThread other;
  const auto future = other.run(number_after(7, 0s));

  EXPECT_EQ(throws([&] { (void)wrap_future(future); }), "RuntimeError: no running event loop");
  EXPECT_EQ(future.result(), 7);
}

Coroutine<void> cancels_the_wrapper() {
  Trace trace;
  LoopThread other;
  const auto source = other.run(wait_and_note(trace));
  const auto done = other.run(number_after(7, 0s));
  EXPECT_EQ(done.result(), 7);
  const auto wrapper = wrap_future(source);
  const auto wrapper_of_done = wrap_future(done);

  wrapper.cancel();
  wrapper_of_done.cancel();
  EXPECT_EQ(co_await ending_of(wrapper), "CancelledError");
  co_await pass(1);

  EXPECT_TRUE(source.cancelled());
  EXPECT_FALSE(done.cancelled());
  EXPECT_EQ(done.result(), 7);
  EXPECT_EQ(other.run(count_tasks_left()).result(), 1U);
  other.stop();
  EXPECT_EQ(trace, (Trace{"begun", "CancelledError", "cleaned up"}));
}

TEST(WrapFuture, CancelsAPendingSourceWhenCancelled) {  // B341
  run_real(cancels_the_wrapper());
}

Coroutine<void> cancels_the_source() {
  LoopThread other;
  const auto source = other.run(number_after(7, 1h));
  const auto awaited = wrap_future(source);
  const auto ignored = wrap_future(source);

  source.cancel();

  EXPECT_EQ(co_await ending_of(awaited), "CancelledError");
  EXPECT_TRUE(awaited.cancelled());
  EXPECT_TRUE(ignored.cancelled());
}

TEST(WrapFuture, IsCancelledWithItsSourceWithoutAReport) {
  run_real(cancels_the_source());
}

TEST(WrapFuture, MayEndBeforeTheLoopThatItWaitsFor) {
  test::LiveCount parameters;
  std::optional<ConcurrentFuture<int>> source;
  {
    LoopThread other;
    const auto wait = [](test::Live /*parameter*/) -> Coroutine<int> {
      co_await for_ever();
      co_return 7;
    };
    source = other.run(wait(parameters.make()));
    EventLoop loop;
    const auto wrap = [&]() -> Coroutine<void> {
      (void)wrap_future(*source);
      co_return;
    };
    loop.run_until_complete(wrap());
    loop.close();
  }

  EXPECT_TRUE(source->cancelled());
  EXPECT_EQ(parameters.alive(), 0);
}

Coroutine<int> ask_back(LoopHandle asker, int depth) {
  if (depth == 0) co_return 1;
  const LoopHandle own = get_running_loop().handle();
  co_return 1 + co_await wrap_future(run_coroutine_threadsafe(ask_back(own, depth - 1), asker));
}

TEST(WrapFuture, LetsTwoLoopsCallEachOther) {
  const LoopThread one;
  const LoopThread other;

  EXPECT_EQ(one.run(ask_back(other.handle(), 100)).result(), 101);
}

}  // namespace
}  // namespace asyncio
