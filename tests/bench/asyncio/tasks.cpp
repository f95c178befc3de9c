// Tasks and coroutines by themselves.

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstdint>
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

// --- spawn: tasks that return at once ---

Coroutine<int> answer(int value) {
  co_return value;
}

Coroutine<void> spawn_and_await(int rounds, int tasks) {
  std::vector<Task<int>> made;
  made.reserve(static_cast<std::size_t>(tasks));
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < tasks; ++i) made.push_back(aio::create_task(answer(i)));
    std::int64_t sum = 0;
    for (const auto& task : made) sum += co_await task;
    require(sum == std::int64_t{tasks} * (tasks - 1) / 2);
    made.clear();
  }
}

void spawn() {
  report("spawn", best_of(wall_ns, 1e6, [] { aio::run(spawn_and_await(1000, 1000)); }));
}

// --- yield: tasks that give way to each other ---

Coroutine<void> yield_often(int times) {
  for (int i = 0; i < times; ++i) co_await aio::sleep(0s);
}

Coroutine<void> yield_in_turn(int tasks, int switches) {
  std::vector<Coroutine<void>> all;
  for (int i = 0; i < tasks; ++i) all.push_back(yield_often(switches / tasks));
  co_await aio::gather(std::move(all));
}

constexpr int kSwitches = 10'000'000;

void yield2() {
  report("yield2", best_of(wall_ns, kSwitches, [] { aio::run(yield_in_turn(2, kSwitches)); }));
}

void yield1000() {
  report("yield1000",
         best_of(wall_ns, kSwitches, [] { aio::run(yield_in_turn(1000, kSwitches)); }));
}

// What a loop pays for an observer that hears nothing, and for having none.
void observer() {
  const auto per_switch = [](aio::Observer* observer) {
    return best_of(wall_ns, kSwitches, [observer] {
      aio::EventLoop loop;
      loop.set_observer(observer);
      loop.run_until_complete(yield_in_turn(2, kSwitches));
    });
  };
  aio::Observer silent;
  report("observer_none", per_switch(nullptr));
  report("observer_silent", per_switch(&silent));
}

// --- nested: a chain of coroutines ---

Coroutine<int> nested(int depth) {
  if (depth == 0) co_return 1;
  co_return co_await nested(depth - 1) + 1;
}

Coroutine<void> nest_often(int times) {
  for (int i = 0; i < times; ++i) require(co_await nested(9) == 10);
}

void nested_awaits() {
  report("nested", best_of(wall_ns, 1e7, [] { aio::run(nest_often(1'000'000)); }));
}

// --- gather: children that yield once ---

Coroutine<int> yield_once(int value) {
  co_await aio::sleep(0s);
  co_return value;
}

Coroutine<void> gather_children(int children) {
  std::vector<Coroutine<int>> all;
  all.reserve(static_cast<std::size_t>(children));
  for (int i = 0; i < children; ++i) all.push_back(yield_once(i));
  const auto results = co_await aio::gather(std::move(all));
  require(results.back() == children - 1);
}

void gather() {
  constexpr int kChildren = 100'000;
  report_with_memory("gather", "gather_rss_B", wall_ns, kChildren,
                     [] { aio::run(gather_children(kChildren)); });
}

// --- startup: yields once and ends; what that costs is measured from outside ---

Coroutine<void> yield_and_end() {
  co_await aio::sleep(0s);
}

void startup() {
  aio::run(yield_and_end());
}

constexpr Workload kWorkloads[] = {
    {"startup", startup},      {"spawn", spawn},   {"yield2", yield2},     {"yield1000", yield1000},
    {"nested", nested_awaits}, {"gather", gather}, {"observer", observer},
};

}  // namespace

constinit const Workloads task_workloads = kWorkloads;

}  // namespace bench
