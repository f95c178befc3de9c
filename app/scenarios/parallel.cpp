#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

class Parallel final : public Scenario {
 public:
  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    auto task = asyncio::create_task(row("task", cycle_print(cycles(), "task")));
    co_await row("test 2", cycle_print(cycles(), "test 2"));
    co_await task;
  }

  Duration ideal() const override { return times(cycles(), interval()); }
  std::string formula() const override {
    const std::string one = short_seconds(times(cycles(), interval()));
    return fmt::format("max({}, {})", one, one);
  }
  std::string lesson() const override { return "a task runs while main awaits something else"; }
};

}  // namespace

extern const ScenarioInfo kParallel{
    "parallel",
    "a task runs while main awaits something else",
    "N x I",
    make_scenario<Parallel>,
};

}  // namespace asyncdemo
