#include <algorithm>

#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

class Cancel final : public Scenario {
 public:
  std::vector<Option> options() override {
    return {
        count_option({"", "raise-at", "K", "cycles before the second task raises", "2"},
                     {0, 1'000'000}, raise_at_),
        flag_option({"", "return-exceptions", "", "gather returns errors as results", ""},
                    return_exceptions_),
    };
  }

  asyncio::Coroutine<> cycle_print(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> cycle_exc(int cycles, std::string what) {
    for (int idx_cycle = 0; idx_cycle < cycles; ++idx_cycle) {
      if (idx_cycle == raise_at_) throw asyncio::RuntimeError("");
      co_await asyncio::sleep(interval());
      print("what: {} cycle: {}", what, idx_cycle + 1);
    }
  }

  asyncio::Coroutine<> main() override {
    std::vector<asyncio::Task<>> tasks;
    tasks.push_back(asyncio::create_task(row("task1", cycle_print(cycles(), "task1"))));
    tasks.push_back(asyncio::create_task(row("task1 (exc)", cycle_exc(cycles(), "task1"))));
    if (return_exceptions_) {
      co_await asyncio::gather(asyncio::return_exceptions, tasks);
      co_return;
    }
    auto gat = asyncio::gather(tasks);
    try {
      co_await gat;
    } catch (const asyncio::RuntimeError&) {
      for (auto& t : tasks) {
        if (!t.done()) t.cancel();
      }
    }
  }

  Duration ideal() const override {
    const int counted = return_exceptions_ ? cycles() : std::min(raise_at_, cycles());
    return times(counted, interval());
  }
  std::string formula() const override {
    const int counted = return_exceptions_ ? cycles() : std::min(raise_at_, cycles());
    return fmt::format("{} x {}", counted, short_seconds(interval()));
  }
  std::string lesson() const override {
    if (raise_at_ >= cycles()) return "Task-3 ends before it would raise";
    if (return_exceptions_) return "Task-3 raises, Task-2 goes on";
    return "Task-3 raises, main cancels Task-2";
  }

 private:
  int raise_at_ = 2;
  bool return_exceptions_ = false;
};

}  // namespace

extern const ScenarioInfo kCancel{
    "cancel",
    "one task raises, main cancels the other",
    "min(K, N) x I; with --return-exceptions N x I",
    make_scenario<Cancel>,
};

}  // namespace asyncdemo
