#include <algorithm>

#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

class Thread final : public Scenario {
 public:
  std::vector<Option> options() override {
    return {
        count_option({"", "short-cycles", "M", "cycles of task1, 0..1000000", "2"}, {0, 1'000'000},
                     short_cycles_),
        count_option({"", "block-cycles", "B", "cycles of the blocking call, 0..1000000", "2"},
                     {0, 1'000'000}, block_cycles_),
    };
  }

  void cycle_print_block(int cycles, const std::string& what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      blocking_sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    std::vector<asyncio::Task<>> tasks;
    tasks.push_back(asyncio::create_task(row("task1", cycle_print(short_cycles_, "task1"))));
    tasks.push_back(asyncio::create_task(row("task2", cycle_print(cycles(), "task2"))));
    tasks.push_back(asyncio::create_task(asyncio::to_thread(
        thread_row("task_block", &Thread::cycle_print_block, this, block_cycles_, "task_block"))));
    co_await asyncio::gather(tasks);
  }

  Duration ideal() const override {
    return times(std::max({short_cycles_, cycles(), block_cycles_}), interval());
  }
  std::string formula() const override {
    return fmt::format("max({}, {}, {})", short_seconds(times(short_cycles_, interval())),
                       short_seconds(times(cycles(), interval())),
                       short_seconds(times(block_cycles_, interval())));
  }
  std::string lesson() const override { return "the blocking call sits in its own thread"; }

 private:
  int short_cycles_ = 2;
  int block_cycles_ = 2;
};

}  // namespace

extern const ScenarioInfo kThread{
    "thread",
    "the blocking call sits in its own thread",
    "max(M, N, B) x I",
    make_scenario<Thread>,
};

}  // namespace asyncdemo
