#include <algorithm>

#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

class WaitFor final : public Scenario {
 public:
  std::vector<Option> options() override {
    return {
        duration_option({"", "timeout", "DUR", "time limit of the wait, 0..1h", "3 x I"}, timeout_,
                        [this] { return timeout(); }),
        flag_option({"", "shield", "", "let the task go on after the timeout", ""}, shield_),
    };
  }

  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    if (shield_) {
      co_await shielded();
    } else {
      co_await unshielded();
    }
  }

  asyncio::Coroutine<> unshielded() {
    try {
      co_await asyncio::wait_for(row("task1", cycle_print(cycles(), "task1")), timeout());
    } catch (const asyncio::TimeoutError&) {
      print("timeout");
    }
  }

  asyncio::Coroutine<> shielded() {
    auto task = asyncio::create_task(row("task1", cycle_print(cycles(), "task1")));
    try {
      co_await asyncio::wait_for(asyncio::shield(task), timeout());
    } catch (const asyncio::TimeoutError&) {
      print("timeout");
    }
    co_await task;
  }

  Duration ideal() const override {
    const Duration whole = times(cycles(), interval());
    return shield_ ? whole : std::min(timeout(), whole);
  }
  std::string formula() const override {
    if (shield_) return fmt::format("{} x {}", cycles(), short_seconds(interval()));
    return fmt::format("min({}, {})", short_seconds(timeout()),
                       short_seconds(times(cycles(), interval())));
  }
  std::string lesson() const override {
    const std::string limit = short_seconds(timeout());
    if (timeout() > times(cycles(), interval())) {
      return fmt::format("task1 ends before timeout {} s", limit);
    }
    return shield_ ? fmt::format("timeout {} s comes, the shielded task goes on", limit)
                   : fmt::format("timeout {} s cancels what it waits for", limit);
  }

 private:
  Duration timeout() const { return timeout_.value_or(times(3, interval())); }

  std::optional<Duration> timeout_;
  bool shield_ = false;
};

}  // namespace

extern const ScenarioInfo kWaitFor{
    "wait-for",
    "a time limit cancels what it waits for",
    "min(timeout, N x I); with --shield N x I",
    make_scenario<WaitFor>,
};

}  // namespace asyncdemo
