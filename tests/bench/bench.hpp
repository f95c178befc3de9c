#pragma once

#include <sched.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// What the benchmark programs share, ours and those of the peers: clocks, the measuring, the lines
// they print, their command line. What is timed, how often and under which name stands in
// workloads.cpp; a program only says how it does it.

namespace bench {

// --- What a program does ---

/// How a program does each piece of work, once; what it has no way for is null.
struct Program {
  // Tasks.
  /// Makes as many tasks that return at once, and awaits all; so often.
  void (*spawn)(int rounds, int tasks) = nullptr;
  /// The tasks yield in turn, together as often as that.
  void (*yield)(int tasks, int switches) = nullptr;
  /// The same with two tasks, on a loop that has an observer that hears nothing, or none.
  void (*observe)(bool silently, int switches) = nullptr;
  /// A chain of coroutines awaits each other.
  void (*nest)(int depth, int times) = nullptr;
  /// Runs children that yield once side by side, and collects their results; so often.
  void (*gather)(int rounds, int children) = nullptr;
  /// Starts, yields once and ends.
  void (*startup)() = nullptr;

  // Timers.
  /// Makes tasks that sleep for random times below `most_ns`, and awaits all; so often.
  void (*sleep)(int rounds, int tasks, int most_ns) = nullptr;
  /// Awaits something that yields once, under a time limit.
  void (*limit_time)(int times) = nullptr;
  /// Arms a timer and takes it out again; in the second case among so many others.
  void (*arm_and_cancel)(int times) = nullptr;
  void (*arm_among)(int others, int times) = nullptr;
  /// Sleeps for 1 ms so often; by how much each sleep ended too late.
  std::vector<double> (*lateness_us)(int sleeps) = nullptr;

  // Waiting for each other.
  /// An item goes there by one queue of size 1, and back by another.
  void (*play)(int rounds) = nullptr;
  /// A producer and a consumer at a queue.
  void (*pass)(int size, int items) = nullptr;
  /// Two tasks wake each other in turn, so often each.
  void (*wake_by_events)(int times) = nullptr;
  void (*wake_by_futures)(int times) = nullptr;
  /// The tasks wait for one event, which wakes all; together as often as that.
  void (*wake_all)(int tasks, int wakes) = nullptr;
  /// The tasks take one lock in turn, together so often; they may yield while they have it.
  void (*lock)(int tasks, int times, bool yields) = nullptr;

  // Threads.
  /// A thread posts callbacks.
  void (*post)(int posts) = nullptr;
  /// A thread submits a coroutine and blocks for the result.
  void (*submit)(int times) = nullptr;
  /// A coroutine awaits a function on another thread.
  void (*call_on_thread)(int times) = nullptr;

  // Descriptors.
  /// Watches so many descriptors, one of which, at random, is ready at a time.
  void (*watch)(int descriptors, int events) = nullptr;
  /// Answers each connection to 127.0.0.1:`port` with what it sends, until killed.
  void (*serve_echo)(int port) = nullptr;
  /// The same, and looks for the next request for 50 us or more before it sleeps.
  void (*serve_echo_awake)(int port) = nullptr;
};

/// A benchmark program's main(): runs the workload that is asked for.
int run_main(int argc, char** argv, const Program& program);

// A program that is made of several files has one for each family, which enters its work; the
// program's main() is main.cpp.
void enter_tasks(Program& program);
void enter_timers(Program& program);
void enter_sync(Program& program);
void enter_threads(Program& program);
void enter_descriptors(Program& program);

// --- Measuring ---

/// The repetitions that count, after one that does not.
inline constexpr int kRepetitions = 5;

/// Prints "RESULT name value".
void report(const std::string& name, double value);

/// A clock that counts nanoseconds: of real time, or of this process's processor time.
using Clock = double (*)();
double wall_ns();
double cpu_ns();

/// The least time of one repetition, over the number of operations in it.
double best_of(Clock clock, double operations, const std::function<void()>& repetition);

/// Reports `name`_mean_us and `name`_p99_us of `late_us(n)`, which gives how late n sleeps ended.
void report_lateness(const std::string& name, std::vector<double> (*late_us)(int sleeps));

/// Reports `name`, the least time of `clock` for one operation, and `rss_name`, the most memory
/// that one took, of `operations` in each repetition.
void report_with_memory(const std::string& name, const std::string& rss_name, Clock clock,
                        int operations, const std::function<void()>& repetition);

/// Ends the program if a workload has not done what it should have.
void require(bool correct);

// --- What the work needs ---

/// The same pseudo-random numbers in each run.
class Random {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  /// A number below `end`.
  std::uint64_t below(std::uint64_t end) { return next() % end; }

 private:
  std::uint64_t state_ = 88172645463325252U;
};

/// Keeps this process on one processor, the one it is on, while it lives: what a hand-over to
/// another thread costs does not hang on where the kernel puts that.
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

/// A socket that listens on 127.0.0.1:`port` and does not block.
int listen_on(int port);

}  // namespace bench
