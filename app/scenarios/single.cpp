#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

class Single final : public Scenario {
 public:
  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override { co_await row("test", cycle_print(cycles(), "test")); }

  Duration ideal() const override { return times(cycles(), interval()); }
  std::string formula() const override {
    return fmt::format("{} x {}", cycles(), short_seconds(interval()));
  }
  std::string lesson() const override { return "one coroutine, awaited to its end"; }
};

}  // namespace

extern const ScenarioInfo kSingle{
    "single",
    "one coroutine, awaited to its end",
    "N x I",
    make_scenario<Single>,
};

}  // namespace asyncdemo
