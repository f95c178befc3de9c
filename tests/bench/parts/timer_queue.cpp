// Measures the cost of a timer, by the number of other timers.

#include <benchmark/benchmark.h>

#include <asyncio/asyncio.hpp>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <chrono>
#include <cstddef>
#include <random>
#include <vector>

#include "parts.hpp"

namespace {

using asyncio::TimePoint;
using asyncio::detail::Timer;
using asyncio::detail::TimerQueue;

class BareTimer final : public Timer {
 public:
  void run() noexcept override {}
  void discard() noexcept override {}
};

/// Timers with random deadlines, as many as the benchmark's argument.
class Timers {
 public:
  explicit Timers(const benchmark::State& state) : all_(static_cast<std::size_t>(state.range(0))) {}
  void arm_all() {
    for (BareTimer& timer : all_) arm(timer, now_);
  }
  BareTimer& any() { return all_[random_() % all_.size()]; }
  void arm(Timer& timer, TimePoint from) {
    queue.arm(timer, from + std::chrono::nanoseconds(1 + random_() % 1'000'000'000));
  }
  Timer& pop() {
    queue.make_due();
    return *queue.next_due();
  }

  TimerQueue queue;

 private:
  std::minstd_rand random_{1};
  TimePoint now_{};
  std::vector<BareTimer> all_;
};

// Disarms a random timer and arms it again, like a time limit that is not reached.
void disarm_and_arm(benchmark::State& state) {
  Timers timers(state);
  timers.arm_all();
  for (auto _ : state) {
    BareTimer& timer = timers.any();
    timers.queue.disarm(timer);
    timers.arm(timer, {});
  }
}
BENCHMARK(disarm_and_arm)->Name("timer_queue/disarm_and_arm")->Apply(parts::sizes);

// Pops the next timer and arms it for later, like a sleep that ends and the next one.
void pop_and_arm(benchmark::State& state) {
  Timers timers(state);
  timers.arm_all();
  for (auto _ : state) {
    const TimePoint now = timers.queue.next_deadline();
    timers.arm(timers.pop(), now);
  }
}
BENCHMARK(pop_and_arm)->Name("timer_queue/pop_and_arm")->Apply(parts::sizes);

// Arms all timers and pops all in order, like a sort.
void arm_all_and_pop_all(benchmark::State& state) {
  Timers timers(state);
  for (auto _ : state) {
    timers.arm_all();
    while (!timers.queue.empty()) benchmark::DoNotOptimize(&timers.pop());
  }
  parts::count_each(state);
}
BENCHMARK(arm_all_and_pop_all)->Name("timer_queue/sort")->Apply(parts::sizes);

}  // namespace
