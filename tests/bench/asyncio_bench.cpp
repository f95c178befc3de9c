// asyncio_bench WORKLOAD: runs one workload and prints lines `RESULT name value`.
//
// Each figure is the best of five repetitions after a warm-up, on the public API in its
// default configuration. Several libraries' programs of this form can be timed in turns.

#include <sys/resource.h>

#include <algorithm>
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace aio = asyncio;
using namespace std::chrono_literals;
using aio::Coroutine;
using aio::Task;

constexpr int kRepetitions = 5;

void report(const std::string& name, double value) {
  std::printf("RESULT %s %.2f\n", name.c_str(), value);
}

double wall_ns() {
  return std::chrono::duration<double, std::nano>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double cpu_ns() {
  struct rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto in_ns = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_usec) * 1e3;
  };
  return in_ns(usage.ru_utime) + in_ns(usage.ru_stime);
}

// The process's resident bytes: now, or at most so far.
double resident_bytes(const char* field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::atof(line.c_str() + std::strlen(field)) * 1024;
  }
  return 0;
}

// The least time of one repetition, over the number of operations in it.
double best_of(double (*clock)(), double operations, const std::function<void()>& repetition) {
  repetition();
  double best = 1e300;
  for (int i = 0; i < kRepetitions; ++i) {
    const double start = clock();
    repetition();
    best = std::min(best, clock() - start);
  }
  return best / operations;
}

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
    if (sum != std::int64_t{tasks} * (tasks - 1) / 2) std::abort();
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

void yield(int tasks) {
  report("yield" + std::to_string(tasks),
         best_of(wall_ns, 1e7, [tasks] { aio::run(yield_in_turn(tasks, 10'000'000)); }));
}

// --- nested: a chain of coroutines ---

Coroutine<int> nested(int depth) {
  if (depth == 0) co_return 1;
  co_return co_await nested(depth - 1) + 1;
}

Coroutine<void> nest_often(int times) {
  for (int i = 0; i < times; ++i) {
    if (co_await nested(9) != 10) std::abort();
  }
}

void nested_awaits() {
  report("nested", best_of(wall_ns, 1e7, [] { aio::run(nest_often(1'000'000)); }));
}

// --- timers: a million sleeping tasks ---

Coroutine<void> sleep_for(std::chrono::nanoseconds delay) {
  co_await aio::sleep(delay);
}

Coroutine<void> sleep_randomly(int tasks) {
  std::uint64_t state = 88172645463325252ULL;
  std::vector<Task<void>> all;
  all.reserve(static_cast<std::size_t>(tasks));
  for (int i = 0; i < tasks; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    all.push_back(aio::create_task(sleep_for(std::chrono::nanoseconds(state % 1'000'000'000))));
  }
  for (const auto& task : all) co_await task;
}

void timers() {
  constexpr int kTasks = 1'000'000;
  const double before = resident_bytes("VmRSS:");
  const double ns = best_of(cpu_ns, kTasks, [] { aio::run(sleep_randomly(kTasks)); });
  report("timers_cpu_ns", ns);
  report("timers_rss_B", (resident_bytes("VmHWM:") - before) / kTasks);
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
  if (results.back() != children - 1) std::abort();
}

void gather() {
  constexpr int kChildren = 100'000;
  const double before = resident_bytes("VmRSS:");
  const double ns = best_of(wall_ns, kChildren, [] { aio::run(gather_children(kChildren)); });
  report("gather", ns);
  report("gather_rss_B", (resident_bytes("VmHWM:") - before) / kChildren);
}

// --- observer: what a loop pays for one, of which nothing is asked, and for none ---

void observer() {
  const auto per_switch = [](aio::Observer* observer) {
    return best_of(wall_ns, 1e7, [observer] {
      aio::EventLoop loop;
      loop.set_observer(observer);
      loop.run_until_complete(yield_in_turn(2, 10'000'000));
    });
  };
  aio::Observer silent;
  report("observer_none", per_switch(nullptr));
  report("observer_silent", per_switch(&silent));
}

struct Workload {
  const char* name;
  void (*run)();
};
constexpr Workload kWorkloads[] = {
    {"spawn", spawn},          {"yield2", [] { yield(2); }}, {"yield1000", [] { yield(1000); }},
    {"nested", nested_awaits}, {"timers", timers},           {"gather", gather},
    {"observer", observer},
};

}  // namespace

int main(int argc, char** argv) {
  for (const Workload& workload : kWorkloads) {
    if (argc == 2 && std::strcmp(argv[1], workload.name) == 0) {
      workload.run();
      return 0;
    }
  }
  std::fprintf(stderr, "usage: asyncio_bench WORKLOAD, one of:");
  for (const Workload& workload : kWorkloads) std::fprintf(stderr, " %s", workload.name);
  std::fprintf(stderr, "\n");
  return 2;
}
