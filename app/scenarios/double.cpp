#include "scenario.hpp"

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
    co_await cycle_print(cycles(), "test 1");
    co_await cycle_print(cycles(), "test 2");
  }

  Duration ideal() const override { return times(2, times(cycles(), interval())); }
};

}  // namespace

extern const ScenarioInfo kDouble{
    "double",
    "one task, one await after the other",
    "2N x I",
    make_scenario<Double>,
};

}  // namespace asyncdemo
