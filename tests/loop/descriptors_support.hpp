#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "asyncio/detail/loop/descriptors.hpp"
#include "support/async_test.hpp"
#include "support/counting_poller.hpp"

namespace asyncio::test {

/// Calls a function at each event.
class Listener final : public asyncio::detail::ReadyListener {
 public:
  explicit Listener(std::function<void()> call) : call_(std::move(call)) {}
  void ready() noexcept override { call_(); }

 private:
  std::function<void()> call_;
};

inline asyncio::detail::Ref<asyncio::detail::Descriptor> owned(UniqueFd& fd) {
  return asyncio::detail::Ref<asyncio::detail::Descriptor>(
      new asyncio::detail::Descriptor(std::move(fd)));
}

/// A loop on each backend that looks for I/O in every turn, and counts changes of interest.
class DescriptorTest : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override {
    LoopOptions options;
    options.strict(true).poller(
        [this] { return std::make_unique<CountingPoller>(calls_, make_poller(GetParam())); });
    loop_ = std::make_unique<EventLoop>(std::move(options));
  }

  [[nodiscard]] asyncio::detail::Descriptors& table() { return loop_->core().descriptors(); }
  void one_turn() {
    loop_->stop();
    loop_->run_forever();
  }

  PollerCalls calls_;
  std::unique_ptr<EventLoop> loop_;
};

}  // namespace asyncio::test
