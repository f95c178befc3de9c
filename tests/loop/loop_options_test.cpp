#include "asyncio/loop/loop_options.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "support/async_test.hpp"

namespace asyncio {
namespace {

/// Passes everything on to a real one, and counts the looks and waits.
class CountingPoller final : public Poller {
 public:
  explicit CountingPoller(int& waits) : waits_(waits) {}
  void set_interest(int fd, Interest interest) override { inner_->set_interest(fd, interest); }
  void wait(std::optional<std::chrono::nanoseconds> timeout,
            std::vector<PollEvent>& events) override {
    ++waits_;
    inner_->wait(timeout, events);
  }
  void wake() noexcept override { inner_->wake(); }
  [[nodiscard]] std::string_view name() const noexcept override { return "counting"; }

 private:
  int& waits_;
  std::unique_ptr<Poller> inner_ = make_poller();
};

/// How often a loop looks for descriptors in `turns` turns in which there is other work too.
int looks_in(int turns, bool strict) {
  int looks = 0;
  LoopOptions options;
  options.poller([&looks] { return std::make_unique<CountingPoller>(looks); }).strict(strict);
  options.clock(ClockKind::virtual_time);
  EventLoop loop(std::move(options));
  std::array<int, 2> pair{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  const UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);
  loop.add_reader(ours.get(), [] {});
  loop.run_until_complete(test::pass(turns));
  loop.remove_reader(ours.get());
  return looks;
}

TEST(LoopOptions, ChooseThePoller) {
  EXPECT_GT(looks_in(200, /*strict=*/false), 0);
}

TEST(LoopOptions, StrictLooksForDescriptorsInEachTurn) {
  EXPECT_GE(looks_in(200, /*strict=*/true), 200);
  EXPECT_LT(looks_in(200, /*strict=*/false), 20);
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
