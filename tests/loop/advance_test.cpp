// EventLoop::advance(), which moves a virtual clock from outside the loop.

#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::throws;
using test::Trace;
using test::virtual_clock;

Duration time_of(const EventLoop& loop) {
  return loop.time().time_since_epoch();
}

TEST(Advance, RunsDueTimersOneDeadlineAfterAnother) {
  EventLoop loop(virtual_clock());
  Trace trace;
  const auto note = [&](const char* name) {
    trace.push_back(name + std::to_string(time_of(loop) / 1s));
  };
  loop.call_later(3s, note, "c");
  loop.call_later(1s, note, "a");
  loop.call_later(2s, [&] {
    note("b");
    loop.call_later(1s, note, "d");
    loop.call_later(2s, note, "e");
  });

  loop.advance(3s);

  EXPECT_EQ(trace, (Trace{"a1", "b2", "c3", "d3"}));
  EXPECT_EQ(time_of(loop), 3s);
  loop.advance(1s);
  EXPECT_EQ(trace.back(), "e4");
}

TEST(Advance, RunsReadyCallbacksAndTheirSuccessorsEvenForZero) {
  EventLoop loop(virtual_clock());
  int turns = 0;
  std::function<void()> again = [&] {
    if (++turns < 10) loop.call_soon(again);
  };
  loop.call_soon(again);

  loop.advance(0s);
  loop.advance(-1s);

  EXPECT_EQ(turns, 10);
  EXPECT_EQ(time_of(loop), 0s);
}

TEST(Advance, MovesTheClockEvenWithoutWork) {
  EventLoop loop(virtual_clock());

  loop.advance(5s);
  loop.advance(250ms);

  EXPECT_EQ(time_of(loop), 5250ms);
  EXPECT_FALSE(loop.is_running());
}

TEST(Advance, RunsTasksAndTheirThreads) {
  EventLoop loop(virtual_clock());
  const auto work = []() -> Coroutine<int> {
    co_await sleep(1s);
    co_await to_thread([] { blocking_sleep(2s); });
    co_return 7;
  };
  const auto task = loop.create_task(work());

  loop.advance(3s - 1ns);
  EXPECT_FALSE(task.done());
  loop.advance(1ns);

  EXPECT_TRUE(task.done());
  EXPECT_EQ(loop.run_until_complete(task), 7);
}

TEST(Advance, EndsEarlyWhenTheLoopIsStopped) {
  EventLoop loop(virtual_clock());
  loop.call_later(1s, [&] { loop.stop(); });

  loop.advance(5s);
  EXPECT_EQ(time_of(loop), 1s);

  loop.advance(5s);
  EXPECT_EQ(time_of(loop), 6s);
}

void expect_to_see_descriptors_and_posts(EventLoop& loop) {
  std::vector<int> ends(2);
  ASSERT_EQ(::pipe(ends.data()), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  int reads = 0;
  bool posted = false;
  bool soon = false;
  loop.call_soon([&] { soon = true; });
  loop.add_reader(reader.get(), [&] {
    char byte = 0;
    reads += static_cast<int>(::read(reader.get(), &byte, 1));
  });
  ASSERT_EQ(::write(writer.get(), "ab", 2), 2);
  std::thread([&] { loop.call_soon_threadsafe([&] { posted = true; }); }).join();

  loop.advance(0s);

  EXPECT_EQ(reads, 2);
  EXPECT_TRUE(posted);
  EXPECT_TRUE(soon);
  loop.remove_reader(reader.get());
}

TEST(Advance, SeesDescriptorsAndPostsFromOtherThreads) {
  EventLoop loop(virtual_clock());
  EventLoop strict(virtual_clock().strict(true));

  expect_to_see_descriptors_and_posts(loop);
  expect_to_see_descriptors_and_posts(strict);
}

struct Leave : BaseExit {};

TEST(Advance, ThrowsAnExit) {
  EventLoop loop(virtual_clock());
  loop.call_later(1s, [] { throw Leave(); });

  EXPECT_THROW(loop.advance(5s), Leave);
  EXPECT_EQ(time_of(loop), 1s);
}

TEST(Advance, IsRefusedOnARealClockInARunningLoopAndOnceClosed) {
  EventLoop real;
  EXPECT_EQ(throws([&] { real.advance(1s); }),
            "RuntimeError: only a virtual clock can be advanced");

  EventLoop loop(virtual_clock());
  std::string refusal;
  loop.call_soon([&] { refusal = throws([&] { loop.advance(1s); }); });
  loop.advance(0s);
  EXPECT_EQ(refusal, "RuntimeError: This event loop is already running");

  loop.close();
  EXPECT_EQ(throws([&] { loop.advance(1s); }), "RuntimeError: Event loop is closed");
}

}  // namespace
}  // namespace asyncio
