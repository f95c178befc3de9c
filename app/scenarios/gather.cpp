#include <algorithm>
#include <array>

#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

constexpr int kMostTerms = 3;

std::string in_words(int count) {
  static constexpr std::array<std::string_view, 11> kWords{
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"};
  const auto index = static_cast<std::size_t>(count);
  return index < kWords.size() ? std::string(kWords[index]) : std::to_string(count);
}

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
      const std::string name = fmt::format("task{}", task);
      coroutines.push_back(row(name, cycle_print(cycles(), name)));
    }
    auto gat = asyncio::gather(std::move(coroutines));
    co_await gat;
  }

  Duration ideal() const override { return times(cycles(), interval()); }
  std::string formula() const override {
    const std::string one = short_seconds(times(cycles(), interval()));
    std::string terms = one;
    for (int task = 2; task <= std::min(tasks_, kMostTerms); ++task) terms += ", " + one;
    if (tasks_ > kMostTerms) terms += ", ...";
    return fmt::format("max({})", terms);
  }
  std::string lesson() const override {
    if (tasks_ == 1) return "one task waits alone";
    return fmt::format("{} tasks wait at the same time", in_words(tasks_));
  }

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
