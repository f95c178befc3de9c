#include <algorithm>

#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

class Wait final : public Scenario {
 public:
  std::vector<Option> options() override {
    using asyncio::ReturnWhen;
    return {
        duration_option({"", "timeout", "DUR", "time limit of the wait, 0..1h", "3 x I"}, timeout_,
                        [this] { return timeout(); }),
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
    tasks.push_back(asyncio::create_task(row("task1", cycle_print(short_cycles_, "task1"))));
    tasks.push_back(asyncio::create_task(row("task2", cycle_print(cycles(), "task2"))));
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

  Duration ideal() const override { return std::min(timeout(), without_timeout()); }
  std::string formula() const override {
    return fmt::format("min({}, {})", short_seconds(timeout()), short_seconds(without_timeout()));
  }
  std::string lesson() const override {
    const std::string limit = short_seconds(timeout());
    const std::string_view decisive =
        (short_cycles_ <= cycles()) == returns_at_first() ? "task1" : "task2";
    if (timeout() <= without_timeout()) {
      return fmt::format("timeout {} s comes before {} ends", limit, decisive);
    }
    return returns_at_first() ? fmt::format("wait returns when {} ends", decisive)
                              : fmt::format("both tasks end before timeout {} s", limit);
  }

 private:
  bool returns_at_first() const { return return_when_ == asyncio::ReturnWhen::first_completed; }
  Duration without_timeout() const {
    const auto [less, more] = std::minmax({short_cycles_, cycles()});
    return times(returns_at_first() ? less : more, interval());
  }
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
