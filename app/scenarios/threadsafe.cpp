#include <algorithm>

#include "scenario.hpp"

namespace asyncdemo {
namespace {

class Threadsafe final : public Scenario {
 public:
  std::vector<Option> options() override {
    return {
        count_option({"", "short-cycles", "M", "cycles of task1, 0..1000000", "2"}, {0, 1'000'000},
                     short_cycles_),
        duration_option({"", "delay", "DUR", "sleep of the thread at first, 0..1h", "I"}, delay_),
    };
  }

  void another_thread(const asyncio::LoopHandle& loop) {
    asyncio::blocking_sleep(delay());
    auto future = asyncio::run_coroutine_threadsafe(cycle_print(cycles(), "another_thread"), loop);
    future.result();
  }

  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    auto task1 = asyncio::create_task(cycle_print(short_cycles_, "task1"));
    auto task2 = asyncio::create_task(cycle_print(cycles(), "task2"));
    auto thread =
        asyncio::to_thread(&Threadsafe::another_thread, this, asyncio::get_running_loop().handle());
    co_await asyncio::gather(task1, task2, std::move(thread));
  }

  Duration ideal() const override {
    return std::max(plus(delay(), times(cycles(), interval())), times(short_cycles_, interval()));
  }

 private:
  Duration delay() const { return delay_.value_or(interval()); }

  int short_cycles_ = 2;
  std::optional<Duration> delay_;
};

}  // namespace

extern const ScenarioInfo kThreadsafe{
    "threadsafe",
    "a thread hands a coroutine to the loop",
    "max(delay + N x I, M x I)",
    make_scenario<Threadsafe>,
};

}  // namespace asyncdemo
