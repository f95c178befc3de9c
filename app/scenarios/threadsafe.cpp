#include <algorithm>

#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

class Threadsafe final : public Scenario {
 public:
  std::vector<Option> options() override {
    return {
        count_option({"", "short-cycles", "M", "cycles of task1, 0..1000000", "2"}, {0, 1'000'000},
                     short_cycles_),
        duration_option({"", "delay", "DUR", "sleep of the thread at first, 0..1h", "I"}, delay_,
                        [this] { return delay(); }),
    };
  }

  void another_thread(const asyncio::LoopHandle& loop) {
    blocking_sleep(delay());
    auto future = asyncio::run_coroutine_threadsafe(
        row("another_thread", cycle_print(cycles(), "another_thread")), loop);
    future.result();
  }

  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    auto task1 = asyncio::create_task(row("task1", cycle_print(short_cycles_, "task1")));
    auto task2 = asyncio::create_task(row("task2", cycle_print(cycles(), "task2")));
    auto thread = asyncio::to_thread(thread_row("thread", &Threadsafe::another_thread, this,
                                                asyncio::get_running_loop().handle()));
    co_await asyncio::gather(task1, task2, std::move(thread));
  }

  Duration ideal() const override {
    return std::max(plus(delay(), times(cycles(), interval())), times(short_cycles_, interval()));
  }
  std::string formula() const override {
    const Duration submitted = times(cycles(), interval());
    const Duration short_one = times(short_cycles_, interval());
    std::string sum = fmt::format("{} + {}", short_seconds(delay()), short_seconds(submitted));
    if (short_one <= plus(delay(), submitted)) return sum;
    return fmt::format("max({}, {})", sum, short_seconds(short_one));
  }
  std::string lesson() const override {
    return fmt::format("thread blocks {} s, then submits {} s", short_seconds(delay()),
                       short_seconds(times(cycles(), interval())));
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
