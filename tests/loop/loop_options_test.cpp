#include "asyncio/loop/loop_options.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "support/async_test.hpp"
#include "support/counting_poller.hpp"

namespace asyncio {
namespace {

/// Counts how often a loop looks for descriptors in `turns` turns that also have other work.
int looks_in(int turns, bool strict, ClockKind clock = ClockKind::real) {
  test::PollerCalls calls;
  LoopOptions options;
  options.strict(strict).clock(clock);
  EventLoop loop(test::counting(calls, std::move(options)));
  std::array<int, 2> pair{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  const UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);
  loop.add_reader(ours.get(), [] {});
  loop.run_until_complete(test::pass(turns));
  loop.remove_reader(ours.get());
  return calls.waits();
}

TEST(LoopOptions, ChooseThePoller) {
  EXPECT_GT(looks_in(200, /*strict=*/false), 0);
}

TEST(LoopOptions, LookForDescriptorsInEachTurnIfStrict) {
  EXPECT_GE(looks_in(200, /*strict=*/true), 200);
  EXPECT_LT(looks_in(200, /*strict=*/false), 200);
}

TEST(LoopOptions, LookForDescriptorsInEachTurnOnAVirtualClock) {
  EXPECT_GE(looks_in(200, /*strict=*/false, ClockKind::virtual_time), 200);
}

TEST(LoopOptions, ChooseTheClock) {
  EventLoop real;
  EventLoop unreal(LoopOptions().clock(ClockKind::virtual_time));

  EXPECT_FALSE(real.has_virtual_clock());
  EXPECT_TRUE(unreal.has_virtual_clock());
  EXPECT_EQ(unreal.time(), TimePoint());
}

}  // namespace
}  // namespace asyncio
