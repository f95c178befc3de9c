// Tasks that sleep, and time limits.

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../bench.hpp"

namespace bench {
namespace {

namespace aio = asyncio;
using namespace std::chrono_literals;
using aio::Coroutine;
using aio::Task;

// --- Sleeping tasks ---

Coroutine<void> sleep_for(std::chrono::nanoseconds delay) {
  co_await aio::sleep(delay);
}

Coroutine<void> sleep_randomly(int rounds, int tasks, int most_ns) {
  Random random;
  for (int round = 0; round < rounds; ++round) {
    std::vector<Task<void>> all;
    all.reserve(static_cast<std::size_t>(tasks));
    for (int i = 0; i < tasks; ++i) {
      const std::chrono::nanoseconds delay(random.below(static_cast<std::uint64_t>(most_ns)));
      all.push_back(aio::create_task(sleep_for(delay)));
    }
    for (const auto& task : all) co_await task;
  }
}

void sleep(int rounds, int tasks, int most_ns) {
  aio::run(sleep_randomly(rounds, tasks, most_ns));
}

// --- A limit that is not reached; a bare timer, armed and cancelled ---

Coroutine<int> yield_once(int value) {
  co_await aio::sleep(0s);
  co_return value;
}

Coroutine<void> limit_often(int times) {
  for (int i = 0; i < times; ++i) require(co_await aio::wait_for(yield_once(i), 10s) == i);
}

void limit_time(int times) {
  aio::run(limit_often(times));
}

Coroutine<void> arm_often(int times) {
  aio::EventLoop& loop = aio::get_running_loop();
  for (int i = 0; i < times; ++i) loop.call_later(10s, [] {}).cancel();
  co_return;
}

void arm_and_cancel(int times) {
  aio::run(arm_often(times));
}

// Cancels a random timer and arms another one, again and again.
Coroutine<void> arm_in_turn(int others, int times) {
  aio::EventLoop& loop = aio::get_running_loop();
  Random random;
  std::vector<aio::TimerHandle> all;
  all.reserve(static_cast<std::size_t>(others));
  const auto arm = [&] { return loop.call_later(1h + random.below(1'000'000) * 1us, [] {}); };
  for (int i = 0; i < others; ++i) all.push_back(arm());
  for (int i = 0; i < times; ++i) {
    aio::TimerHandle& timer = all[random.below(all.size())];
    timer.cancel();
    timer = arm();
  }
  for (aio::TimerHandle& timer : all) timer.cancel();
  co_return;
}

void arm_among(int others, int times) {
  aio::run(arm_in_turn(others, times));
}

// --- How late a sleep ends ---

Coroutine<std::vector<double>> measure_lateness(int sleeps) {
  std::vector<double> late_us;
  late_us.reserve(static_cast<std::size_t>(sleeps));
  for (int i = 0; i < sleeps; ++i) {
    const double start = wall_ns();
    co_await aio::sleep(1ms);
    late_us.push_back((wall_ns() - start - 1e6) / 1e3);
  }
  co_return late_us;
}

std::vector<double> lateness_us(int sleeps) {
  return aio::run(measure_lateness(sleeps));
}

}  // namespace

void enter_timers(Program& program) {
  program.sleep = sleep;
  program.limit_time = limit_time;
  program.arm_and_cancel = arm_and_cancel;
  program.arm_among = arm_among;
  program.lateness_us = lateness_us;
}

}  // namespace bench
