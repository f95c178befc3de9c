#include <algorithm>

#include "scenario.hpp"

namespace asyncdemo {
namespace {

class Wait final : public Scenario {
 public:
  std::vector<Option> options() override {
    using asyncio::ReturnWhen;
    return {
        duration_option({"", "timeout", "DUR", "time limit of the wait, 0..1h", "3 x I"}, timeout_),
        count_option({"", "short-cycles", "M", "cycles of task1, 0..1000000", "2"}, {0, 1'000'000},
                     short_cycles_),
        choice_option<ReturnWhen>(
            {"", "return-when", "WHEN", "all, first-completed or first-exception", "all"},
            {{"all", ReturnWhen::all_completed},
             {"first-completed", ReturnWhen::first_completed},
             {"first-exception", ReturnWhen::first_exception}},
            return_when_),
    };
  }

  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    std::vector<asyncio::Task<>> tasks;
    tasks.push_back(asyncio::create_task(cycle_print(short_cycles_, "task1")));
    tasks.push_back(asyncio::create_task(cycle_print(cycles(), "task2")));
    auto wai = asyncio::wait(tasks, {.timeout = timeout(), .return_when = return_when_});
    auto result = co_await std::move(wai);
    auto& [done, pending] = result;
    for (auto& t : done) {
      print("{} done", t.get_name());
    }
    for (auto& t : pending) {
      print("{} to cancel", t.get_name());
      t.cancel();
    }
  }

  Duration ideal() const override {
    const bool first = return_when_ == asyncio::ReturnWhen::first_completed;
    const int counted =
        first ? std::min(short_cycles_, cycles()) : std::max(short_cycles_, cycles());
    return std::min(timeout(), times(counted, interval()));
  }

 private:
  Duration timeout() const { return timeout_.value_or(times(3, interval())); }

  std::optional<Duration> timeout_;
  int short_cycles_ = 2;
  asyncio::ReturnWhen return_when_ = asyncio::ReturnWhen::all_completed;
};

}  // namespace

extern const ScenarioInfo kWait{
    "wait",
    "a time limit leaves tasks to be cancelled",
    "min(timeout, max(M, N) x I); first-completed: min(timeout, min(M, N) x I)",
    make_scenario<Wait>,
};

}  // namespace asyncdemo
