#pragma once

#include <sched.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// The code that all benchmark programs share, ours and those of the peers: clocks, measurement,
// printed lines, the command line. workloads.cpp defines which work is timed, how often and under
// which name. A program only supplies the functions that do the work.

namespace bench {

// --- The work of a program ---

/// The functions of a program, one for each kind of work; null for work that it cannot do.
struct Program {
  // Tasks.
  /// In each round, creates tasks that return at once and awaits all of them.
  void (*spawn)(int rounds, int tasks) = nullptr;
  /// Lets tasks yield in turn, `switches` times in all.
  void (*yield)(int tasks, int switches) = nullptr;
  /// Like yield() with two tasks, on a loop with an observer that ignores all events, or with none.
  void (*observe)(bool silently, int switches) = nullptr;
  /// Awaits a chain of coroutines, each of which awaits the next.
  void (*nest)(int depth, int times) = nullptr;
  /// In each round, runs children that yield once concurrently and collects their results.
  void (*gather)(int rounds, int children) = nullptr;
  /// Starts, yields once and ends.
  void (*startup)() = nullptr;

  // Timers.
  /// In each round, awaits tasks that sleep for random times below `most_ns`.
  void (*sleep)(int rounds, int tasks, int most_ns) = nullptr;
  /// Awaits something that yields once, under a time limit.
  void (*limit_time)(int times) = nullptr;
  /// Arms and cancels a timer, alone or among others.
  void (*arm_and_cancel)(int times) = nullptr;
  void (*arm_among)(int others, int times) = nullptr;
  /// Sleeps for 1 ms repeatedly and returns how late each sleep ended.
  std::vector<double> (*lateness_us)(int sleeps) = nullptr;

  // Tasks that wait for each other.
  /// Passes an item through one queue of size 1 and back through another.
  void (*play)(int rounds) = nullptr;
  /// Passes items from a producer to a consumer through a queue.
  void (*pass)(int size, int items) = nullptr;
  /// Lets two tasks wake each other in turn, `times` times each.
  void (*wake_by_events)(int times) = nullptr;
  void (*wake_by_futures)(int times) = nullptr;
  /// Wakes all tasks with one event, repeatedly; `wakes` counts the wake-ups of all tasks.
  void (*wake_all)(int tasks, int wakes) = nullptr;
  /// Lets tasks acquire one lock in turn, `times` times in all; a holder may yield.
  void (*lock)(int tasks, int times, bool yields) = nullptr;

  // Threads.
  /// Posts callbacks from a thread.
  void (*post)(int posts) = nullptr;
  /// Submits coroutines from a thread that blocks for each result.
  void (*submit)(int times) = nullptr;
  /// Awaits functions on another thread from a coroutine.
  void (*call_on_thread)(int times) = nullptr;

  // Descriptors.
  /// Watches descriptors, of which a random one is ready at a time.
  void (*watch)(int descriptors, int events) = nullptr;
  /// Echoes the input of each connection to 127.0.0.1:`port`, until killed.
  void (*serve_echo)(int port) = nullptr;
  /// Like serve_echo(), but polls for the next request for at least 50 us before it sleeps.
  void (*serve_echo_awake)(int port) = nullptr;
};

/// Runs the workload that the command line names: the main() of a benchmark program.
int run_main(int argc, char** argv, const Program& program);

// A program of several files has one file for each kind of work. It defines one of these functions,
// which sets the members for its work. main() is in main.cpp.
void enter_tasks(Program& program);
void enter_timers(Program& program);
void enter_sync(Program& program);
void enter_threads(Program& program);
void enter_descriptors(Program& program);

// --- Measurement ---

/// The number of repetitions that count, after one that warms up.
inline constexpr int kRepetitions = 5;

/// Prints "RESULT name value".
void report(const std::string& name, double value);

/// A clock in nanoseconds, of real time or of the processor time of this process.
using Clock = double (*)();
double wall_ns();
double cpu_ns();

/// Returns the least time of one repetition, divided by its number of operations.
double best_of(Clock clock, double operations, const std::function<void()>& repetition);

/// Reports `name`_mean_us and `name`_p99_us of `late_us(n)`, which returns how late n sleeps ended.
void report_lateness(const std::string& name, std::vector<double> (*late_us)(int sleeps));

/// Reports the least time of one operation as `name`, and its peak memory as `rss_name`. Each
/// repetition has `operations` of them.
void report_with_memory(const std::string& name, const std::string& rss_name, Clock clock,
                        int operations, const std::function<void()>& repetition);

/// Exits the program unless a workload has the correct result.
void require(bool correct);

// --- Helpers for the work ---

/// A generator of pseudo-random numbers, equal in each run.
class Random {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  /// Returns a number below `end`.
  std::uint64_t below(std::uint64_t end) { return next() % end; }

 private:
  std::uint64_t state_ = 88172645463325252U;
};

/// Pins this process to its current processor for its lifetime. So the cost of a hand-over to
/// another thread does not depend on where the kernel runs that thread.
class OneProcessor {
 public:
  OneProcessor();
  OneProcessor(const OneProcessor&) = delete;
  OneProcessor& operator=(const OneProcessor&) = delete;
  ~OneProcessor();

 private:
  cpu_set_t before_{};
};

/// A descriptor that is readable from give() to take(), which blocks until then.
class Baton {
 public:
  Baton();
  Baton(const Baton&) = delete;
  Baton& operator=(const Baton&) = delete;
  ~Baton();
  void give() const;
  void take() const;
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

/// Returns a non-blocking socket that listens on 127.0.0.1:`port`.
int listen_on(int port);

}  // namespace bench
