#include "scenario.hpp"

namespace asyncdemo {
namespace {

class Gather final : public Scenario {
 public:
  std::vector<Option> options() override {
    return {
        count_option({"t", "tasks", "T", "how many tasks, 1..100000", "3"}, {1, 100'000}, tasks_)};
  }

  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    std::vector<asyncio::Coroutine<>> coroutines;
    for (int task = 1; task <= tasks_; ++task) {
      coroutines.push_back(cycle_print(cycles(), fmt::format("task{}", task)));
    }
    auto gat = asyncio::gather(std::move(coroutines));
    co_await gat;
  }

  Duration ideal() const override { return times(cycles(), interval()); }

 private:
  int tasks_ = 3;
};

}  // namespace

extern const ScenarioInfo kGather{
    "gather",
    "all tasks wait at the same time",
    "N x I",
    make_scenario<Gather>,
};

}  // namespace asyncdemo
