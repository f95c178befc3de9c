#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

class Double final : public Scenario {
 public:
  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    co_await row("test 1", cycle_print(cycles(), "test 1"));
    co_await row("test 2", cycle_print(cycles(), "test 2"));
  }

  Duration ideal() const override { return times(2, times(cycles(), interval())); }
  std::string formula() const override {
    const std::string one = short_seconds(times(cycles(), interval()));
    return fmt::format("{} + {}", one, one);
  }
  std::string lesson() const override { return "one task, one await after the other"; }
};

}  // namespace

extern const ScenarioInfo kDouble{
    "double",
    "one task, one await after the other",
    "2N x I",
    make_scenario<Double>,
};

}  // namespace asyncdemo
