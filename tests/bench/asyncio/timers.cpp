// Tasks that sleep, and time limits.

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "workloads.hpp"

namespace bench {
namespace {

namespace aio = asyncio;
using namespace std::chrono_literals;
using aio::Coroutine;
using aio::Task;

// --- timers: a million sleeping tasks ---

Coroutine<void> sleep_for(std::chrono::nanoseconds delay) {
  co_await aio::sleep(delay);
}

Coroutine<void> sleep_randomly(int tasks) {
  Random random;
  std::vector<Task<void>> all;
  all.reserve(static_cast<std::size_t>(tasks));
  for (int i = 0; i < tasks; ++i) {
    const std::chrono::nanoseconds delay(random.next() % 1'000'000'000);
    all.push_back(aio::create_task(sleep_for(delay)));
  }
  for (const auto& task : all) co_await task;
}

void timers() {
  constexpr int kTasks = 1'000'000;
  report_with_memory("timers_cpu_ns", "timers_rss_B", cpu_ns, kTasks,
                     [] { aio::run(sleep_randomly(kTasks)); });
}

// --- timeout: a limit that is not reached; a bare timer, armed and cancelled ---

Coroutine<int> yield_once(int value) {
  co_await aio::sleep(0s);
  co_return value;
}

Coroutine<void> limit_often(int times) {
  for (int i = 0; i < times; ++i) require(co_await aio::wait_for(yield_once(i), 10s) == i);
}

Coroutine<void> arm_and_cancel(int times) {
  aio::EventLoop& loop = aio::get_running_loop();
  for (int i = 0; i < times; ++i) loop.call_later(10s, [] {}).cancel();
  co_return;
}

void timeout() {
  constexpr int kTimes = 1'000'000;
  report("timeout", best_of(wall_ns, kTimes, [] { aio::run(limit_often(kTimes)); }));
  report("timeout_raw", best_of(wall_ns, kTimes, [] { aio::run(arm_and_cancel(kTimes)); }));
}

// --- sleepacc: how late a sleep ends ---

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

void sleepacc() {
  report_lateness("sleepacc", [](int sleeps) { return aio::run(measure_lateness(sleeps)); });
}

constexpr Workload kWorkloads[] = {
    {"timers", timers},
    {"timeout", timeout},
    {"sleepacc", sleepacc},
};

}  // namespace

constinit const Workloads timer_workloads = kWorkloads;

}  // namespace bench
