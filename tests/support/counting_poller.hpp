#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/loop/loop_options.hpp>
#include <asyncio/poll/poller.hpp>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncio::test {

/// The calls that a loop has made to its poller.
struct PollerCalls {
  std::vector<std::optional<Duration>> timeouts;  ///< of each wait()
  int changes = 0;                                ///< calls of set_interest()
  std::optional<std::size_t> batch_limit;         ///< of the last limit_batch()
  std::atomic<int> wakes{0};
  /// Called, if set, before each wait(), whose timeout is already in `timeouts`.
  std::function<void()> before_wait;

  [[nodiscard]] int waits() const { return static_cast<int>(timeouts.size()); }
  /// Counts the waits that could sleep, that is, those whose timeout was not zero.
  [[nodiscard]] int sleeps() const {
    int sleeps = 0;
    for (const auto& timeout : timeouts) sleeps += timeout != Duration::zero() ? 1 : 0;
    return sleeps;
  }
  [[nodiscard]] bool asks_to_sleep() const { return timeouts.back() != Duration::zero(); }
};

/// Records the calls and passes them on to a real poller.
class CountingPoller final : public Poller {
 public:
  explicit CountingPoller(PollerCalls& calls, std::unique_ptr<Poller> inner = make_poller())
      : calls_(calls), inner_(std::move(inner)) {}

  void set_interest(int fd, Interest interest) override {
    ++calls_.changes;
    inner_->set_interest(fd, interest);
  }
  void wait(std::optional<std::chrono::nanoseconds> timeout,
            std::vector<PollEvent>& events) override {
    calls_.timeouts.emplace_back(timeout);
    if (calls_.before_wait) calls_.before_wait();
    inner_->wait(timeout, events);
  }
  void wake() noexcept override {
    ++calls_.wakes;
    inner_->wake();
  }
  void limit_batch(std::size_t most) noexcept override {
    calls_.batch_limit = most;
    inner_->limit_batch(most);
  }
  [[nodiscard]] std::string_view name() const noexcept override { return inner_->name(); }

 private:
  PollerCalls& calls_;
  std::unique_ptr<Poller> inner_;
};

/// Returns `options` with a CountingPoller. `calls` must outlive the loop.
[[nodiscard]] inline LoopOptions counting(PollerCalls& calls, LoopOptions options = {}) {
  options.poller([&calls] { return std::make_unique<CountingPoller>(calls); });
  return options;
}

}  // namespace asyncio::test
