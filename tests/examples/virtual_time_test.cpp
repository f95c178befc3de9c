// Tests on virtual time: lib/doc/howto.md.
// [test]
#include <gtest/gtest.h>

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace aio = asyncio;
using namespace std::chrono_literals;

// The code under test: three attempts, with a pause that starts at one second and doubles.
template <class Attempt>
aio::Coroutine<int> retry(Attempt attempt) {
  for (auto pause = 1s;; pause *= 2) {
    try {
      co_return co_await attempt();
    } catch (const std::runtime_error&) {
      if (pause == 4s) throw;
    }
    co_await aio::sleep(pause);
  }
}

// From inside: the test is the main coroutine of a run() on a virtual clock.
TEST(Retry, PausesLongerEachTime) {
  int attempts = 0;
  const auto main = [&]() -> aio::Coroutine<aio::TimePoint> {
    auto second_time_lucky = [&]() -> aio::Coroutine<int> {
      if (++attempts < 3) throw std::runtime_error("busy");
      co_return 7;
    };
    EXPECT_EQ(co_await retry(second_time_lucky), 7);
    co_return aio::get_running_loop().time();
  };

  const aio::TimePoint end =
      aio::run(main(), aio::RunOptions().clock(aio::ClockKind::virtual_time));

  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(end, aio::TimePoint(3s));  // virtual time begins at zero
}

// From outside: the test moves the time and checks the state.
TEST(Retry, IsInItsPauseMeanwhile) {
  aio::EventLoop loop(aio::LoopOptions().clock(aio::ClockKind::virtual_time));
  int attempts = 0;
  auto failing = [&]() -> aio::Coroutine<int> {
    ++attempts;
    throw std::runtime_error("busy");
    co_return 0;
  };
  auto task = loop.create_task(retry(failing));

  loop.advance(0s);
  EXPECT_EQ(attempts, 1);
  loop.advance(1s);
  EXPECT_EQ(attempts, 2);
  EXPECT_FALSE(task.done());
  loop.advance(2s);
  EXPECT_EQ(attempts, 3);
  EXPECT_THROW(task.result(), std::runtime_error);
}
// [/test]
