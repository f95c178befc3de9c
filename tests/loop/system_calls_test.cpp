// Checks that a loop makes no more system calls than it needs.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>
#include <vector>

#include "asyncio/base/unique_fd.hpp"
#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"
#include "support/counting_poller.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::PollerCalls;

/// A loop on the real clock, and the calls to its poller.
class SystemCalls : public testing::Test {
 protected:
  /// Runs `main`, without any event from outside.
  void run(Coroutine<void> main) { loop_.run_until_complete(std::move(main)); }

  /// Posts `function` from another thread, `posts` times, and returns when all are posted.
  template <class F>
  void post_from_outside(int posts, F function) {
    std::thread([&] {
      for (int i = 0; i < posts; ++i) handle_.call_soon_threadsafe(function);
    }).join();
  }

  PollerCalls calls_;
  EventLoop loop_{test::counting(calls_)};
  LoopHandle handle_ = loop_.handle();
};

/// Runs for `left` more turns and then stops the loop.
void count_down(EventLoop& loop, int left) {
  left > 0 ? (void)loop.call_soon([&loop, left] { count_down(loop, left - 1); }) : loop.stop();
}

TEST_F(SystemCalls, AreNotMadeForCallbacks) {
  count_down(loop_, 1000);

  loop_.run_forever();

  EXPECT_EQ(calls_.waits(), 0);
}

TEST_F(SystemCalls, AreNotMadeForTasksThatYield) {
  run([]() -> Coroutine<void> {
    std::vector<Task<void>> tasks;
    for (int i = 0; i < 100; ++i) tasks.push_back(create_task(test::pass(100)));
    for (const Task<void>& task : tasks) co_await task;
  }());

  EXPECT_EQ(calls_.waits(), 0);
}

TEST_F(SystemCalls, AreNotMadeForReadyAwaitables) {
  run([]() -> Coroutine<void> {
    const auto done = test::new_future();
    done.set_result(1);
    co_await done;
    Lock lock;
    co_await lock.acquire();
    lock.release();
    Semaphore semaphore(1);
    co_await semaphore.acquire();
    semaphore.release();
    Event event;
    event.set();
    co_await event.wait();
    Queue<int> queue(1);
    co_await queue.put(1);
    co_await queue.get();
    co_await test::pass(0);
    co_await wait_for(test::pass(1), 1h);
    co_await gather(test::pass(1), test::pass(2));
  }());

  EXPECT_EQ(calls_.waits(), 0);
}

TEST_F(SystemCalls, AreNotMadeForCancelledTimers) {
  for (int i = 0; i < 1000; ++i) loop_.call_later(1h, [] { ADD_FAILURE(); }).cancel();
  count_down(loop_, 10);

  loop_.run_forever();

  EXPECT_EQ(calls_.waits(), 0);
}

TEST_F(SystemCalls, AreLimitedToOneForASleep) {
  run(test::nap(1ms));

  EXPECT_EQ(calls_.waits(), 1);
}

TEST_F(SystemCalls, AreLimitedToOneForTimersOfOneDeadline) {
  const auto wait_for_many = []() -> Coroutine<void> {
    EventLoop& loop = get_running_loop();
    const auto due = loop.create_future<void>();
    const TimePoint when = loop.time() + 50ms;  // late enough to arm all on a slow machine
    for (int i = 0; i < 100; ++i) loop.call_at(when, [] {});
    loop.call_at(when, [due] { due.set_result(); });
    co_await due;
  };

  run(wait_for_many());

  EXPECT_EQ(calls_.waits(), 1);
}

TEST_F(SystemCalls, AreNotMadeForPostsToAnAwakeLoop) {
  loop_.call_soon([&] {
    post_from_outside(1000, [] {});
    count_down(loop_, 10);
  });

  loop_.run_forever();

  EXPECT_EQ(calls_.wakes, 0);
  EXPECT_EQ(calls_.waits(), 0);
}

TEST_F(SystemCalls, AreLimitedToOneWakeUpForPostsToASleepingLoop) {
  int posts = 0;
  calls_.before_wait = [&] {
    post_from_outside(100, [&] {
      if (++posts == 300) loop_.stop();
    });
  };

  loop_.run_forever();

  EXPECT_EQ(posts, 300);
  EXPECT_EQ(calls_.sleeps(), 3);
  EXPECT_EQ(calls_.wakes, 3);
}

TEST_F(SystemCalls, AreLimitedToASleepAndAWakeUpForToThread) {
  run([]() -> Coroutine<void> {
    for (int i = 0; i < 20; ++i) co_await to_thread([] {});
  }());

  EXPECT_LE(calls_.waits(), 20);
  EXPECT_LE(calls_.wakes, calls_.waits());
}

TEST_F(SystemCalls, AreNotMadeForAReaderThatStays) {
  std::array<int, 2> fds{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
  const UniqueFd near(fds[0]);
  const UniqueFd far(fds[1]);
  int left = 100;
  const auto send = [&] { EXPECT_EQ(::write(far.get(), "x", 1), 1); };
  const auto receive = [&] {
    char byte = 0;
    EXPECT_EQ(::read(near.get(), &byte, 1), 1);
    --left == 0 ? loop_.stop() : send();
  };
  loop_.add_reader(near.get(), [] { ADD_FAILURE(); });
  loop_.add_reader(near.get(), receive);  // replaces the first
  EXPECT_EQ(calls_.changes, 1);
  send();

  loop_.run_forever();

  EXPECT_EQ(calls_.changes, 1);
  EXPECT_EQ(calls_.waits(), 100);  // one for each byte
  loop_.remove_reader(near.get());
  EXPECT_EQ(calls_.changes, 2);
}

}  // namespace
}  // namespace asyncio
