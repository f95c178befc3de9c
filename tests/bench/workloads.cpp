// The workloads: how much of which work is timed, with which clock, and the names of the results.

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>
#include <type_traits>

#include "bench.hpp"

namespace bench {
namespace {

/// Reports the time of one operation of `work(args...)`; returns false if `work` is null.
template <class... Args>
bool time_by(Clock clock, const char* result, double operations, void (*work)(Args...),
             std::type_identity_t<Args>... args) {
  if (work == nullptr) return false;
  report(result, best_of(clock, operations, [=] { work(args...); }));
  return true;
}

template <class... Args>
bool time(const char* result, double operations, void (*work)(Args...),
          std::type_identity_t<Args>... args) {
  return time_by(wall_ns, result, operations, work, args...);
}

/// Like time(), for operations that involve another thread, in microseconds.
bool time_handover(const char* result, int operations, void (*work)(int)) {
  const OneProcessor one;
  return time(result, operations * 1e3, work, operations);
}

constexpr int kSwitches = 10'000'000;
constexpr int kMillion = 1'000'000;

bool spawn(const Program& program) {
  return time("spawn", kMillion, program.spawn, 1000, 1000);
}

bool yield2(const Program& program) {
  return time("yield2", kSwitches, program.yield, 2, kSwitches);
}

bool yield1000(const Program& program) {
  return time("yield1000", kSwitches, program.yield, 1000, kSwitches);
}

// Times a loop with an observer that ignores all events, and one without an observer.
bool observer(const Program& program) {
  return time("observer_none", kSwitches, program.observe, false, kSwitches) &&
         time("observer_silent", kSwitches, program.observe, true, kSwitches);
}

bool nested(const Program& program) {
  return time("nested", 10.0 * kMillion, program.nest, 10, kMillion);
}

bool gather(const Program& program) {
  constexpr int kChildren = 100'000;
  if (program.gather == nullptr) return false;
  report_with_memory("gather", "gather_rss_B", wall_ns, kChildren,
                     [&program] { program.gather(1, kChildren); });
  return true;
}

// start_client measures the time from outside.
bool startup(const Program& program) {
  if (program.startup == nullptr) return false;
  program.startup();
  return true;
}

bool timers(const Program& program) {
  if (program.sleep == nullptr) return false;
  report_with_memory("timers_cpu_ns", "timers_rss_B", cpu_ns, kMillion,
                     [&program] { program.sleep(1, kMillion, 1'000'000'000); });
  return true;
}

bool timeout(const Program& program) {
  const bool limited = time("timeout", kMillion, program.limit_time, kMillion);
  return time("timeout_raw", kMillion, program.arm_and_cancel, kMillion) || limited;
}

bool sleepacc(const Program& program) {
  if (program.lateness_us == nullptr) return false;
  report_lateness("sleepacc", program.lateness_us);
  return true;
}

bool pingpong1(const Program& program) {
  return time("pingpong1", 2.0 * kMillion, program.play, kMillion);
}

bool queue100(const Program& program) {
  return time("queue100", 2.0 * kMillion, program.pass, 100, 2 * kMillion);
}

bool event(const Program& program) {
  return time("event", 2.0 * kMillion, program.wake_by_events, kMillion);
}

bool future(const Program& program) {
  return time("future", 2.0 * kMillion, program.wake_by_futures, kMillion);
}

bool mutex(const Program& program) {
  return time("mutex", 10.0 * kMillion, program.lock, 1, 10 * kMillion, false);
}

bool mutex10(const Program& program) {
  return time("mutex10", kMillion, program.lock, 10, kMillion, true);
}

bool xpost(const Program& program) {
  return time("xpost", kMillion, program.post, kMillion);
}

bool xrt(const Program& program) {
  return time_handover("xrt_us", 20'000, program.submit);
}

bool tothread(const Program& program) {
  return time_handover("tothread_us", 20'000, program.call_on_thread);
}

struct Workload {
  const char* name;
  bool (*run)(const Program& program);  // returns false if the program has no such work
};

constexpr Workload kWorkloads[] = {
    {"startup", startup},     {"spawn", spawn},   {"yield2", yield2},
    {"yield1000", yield1000}, {"nested", nested}, {"gather", gather},
    {"observer", observer},   {"timers", timers}, {"timeout", timeout},
    {"sleepacc", sleepacc},   {"event", event},   {"pingpong1", pingpong1},
    {"queue100", queue100},   {"future", future}, {"mutex", mutex},
    {"mutex10", mutex10},     {"xpost", xpost},   {"xrt", xrt},
    {"tothread", tothread},
};

// --- Workloads with a size, in processor time, which other programs disturb least ---

/// Returns how many rounds of `size` operations make a million operations or more.
int rounds_of(int size) {
  return std::max(2, kMillion / size);
}

/// Reports the time of one operation of `work(size, operations, args...)`. Subtracts a shorter run
/// from a longer one, so the creation and the end of the tasks do not count.
template <class... Args>
bool time_more(const char* result, int size, void (*work)(int, int, Args...),
               std::type_identity_t<Args>... args) {
  if (work == nullptr) return false;
  const int few = size * rounds_of(size);
  const auto time_of = [=](int operations) {
    return best_of(cpu_ns, 1, [=] { work(size, operations, args...); });
  };
  report(result, (time_of(3 * few) - time_of(few)) / (2.0 * few));
  return true;
}

bool spawn_many(const Program& program, int tasks) {
  const int rounds = rounds_of(tasks);
  return time_by(cpu_ns, "spawn", 1.0 * rounds * tasks, program.spawn, rounds, tasks);
}

bool yield_many(const Program& program, int tasks) {
  return time_more("yield", tasks, program.yield);
}

bool nest_deeply(const Program& program, int depth) {
  const int times = rounds_of(depth);
  return time_by(cpu_ns, "nested", 1.0 * times * depth, program.nest, depth, times);
}

bool gather_many(const Program& program, int children) {
  const int rounds = rounds_of(children);
  return time_by(cpu_ns, "gather", 1.0 * rounds * children, program.gather, rounds, children);
}

// A timer is due every 10 ns, however many there are, so the loop does not have to wait.
bool sleep_many(const Program& program, int tasks) {
  const int rounds = rounds_of(tasks);
  return time_by(cpu_ns, "timers", 1.0 * rounds * tasks, program.sleep, rounds, tasks, 10 * tasks);
}

bool arm_among_many(const Program& program, int timers) {
  return time_more("arm", timers, program.arm_among);
}

bool wake_many(const Program& program, int tasks) {
  return time_more("event", tasks, program.wake_all);
}

bool pass_many(const Program& program, int items) {
  const int all = items * rounds_of(items);
  return time_by(cpu_ns, "queue", all, program.pass, items, all);
}

bool lock_many(const Program& program, int tasks) {
  return time_more("mutex", tasks, program.lock, true);
}

bool watch_many(const Program& program, int descriptors) {
  if (program.watch == nullptr) return false;
  constexpr int kEvents = 100'000;
  const auto time_of = [&](int events) {
    return best_of(cpu_ns, 1, [&] { program.watch(descriptors, events); });
  };
  report("descriptors", (time_of(3 * kEvents) - time_of(kEvents)) / (2.0 * kEvents));
  return true;
}

bool serve_echo(const Program& program, int port) {
  if (program.serve_echo == nullptr) return false;
  program.serve_echo(port);
  return true;
}

bool serve_echo1(const Program& program, int port) {
  if (program.serve_echo_awake == nullptr) return false;
  program.serve_echo_awake(port);
  return true;
}

struct SizedWorkload {
  const char* name;
  bool (*run)(const Program& program, int size);
};

constexpr SizedWorkload kSizedWorkloads[] = {
    {"spawn", spawn_many},       {"yield", yield_many},  {"nested", nest_deeply},
    {"gather", gather_many},     {"timers", sleep_many}, {"arm", arm_among_many},
    {"event", wake_many},        {"queue", pass_many},   {"mutex", lock_many},
    {"descriptors", watch_many}, {"echo", serve_echo},   {"echo1", serve_echo1},
};

// --- The command line ---

/// Returns true if `name` is that of the workload or of one of its results.
bool names(std::string_view name, std::string_view workload) {
  return name == workload || (name.starts_with(workload) && name[workload.size()] == '_');
}

bool run(const Program& program, std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kWorkloads), std::end(kWorkloads),
                   [name](const Workload& workload) { return names(name, workload.name); });
  return found != std::end(kWorkloads) && found->run(program);
}

bool run(const Program& program, std::string_view name, std::string_view number) {
  int size = 0;
  const auto* const end = number.data() + number.size();
  const auto parsed = std::from_chars(number.data(), end, size);
  if (parsed.ec != std::errc() || parsed.ptr != end || size <= 0) return false;
  const auto* const found =
      std::find_if(std::begin(kSizedWorkloads), std::end(kSizedWorkloads),
                   [name](const SizedWorkload& workload) { return name == workload.name; });
  return found != std::end(kSizedWorkloads) && found->run(program, size);
}

int refuse(const char* program) {
  std::fprintf(stderr, "usage: %s WORKLOAD, one of these that the program supports:", program);
  for (const Workload& workload : kWorkloads) std::fprintf(stderr, " %s", workload.name);
  std::fprintf(stderr, "\n       %s WORKLOAD NUMBER:", program);
  for (const SizedWorkload& workload : kSizedWorkloads) std::fprintf(stderr, " %s", workload.name);
  std::fprintf(stderr, "\n");
  return 2;
}

}  // namespace

int run_main(int argc, char** argv, const Program& program) {
  try {
    if (argc == 2 && run(program, argv[1])) return 0;
    if (argc == 3 && run(program, argv[1], argv[2])) return 0;
    return refuse(argv[0]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}

}  // namespace bench
