#pragma once

#include <sched.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

// What the benchmark programs share, ours and those of the peers: clocks, the measuring, the lines
// they print, their command line.

namespace bench {

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
void report_lateness(const std::string& name,
                     const std::function<std::vector<double>(int sleeps)>& late_us);

/// Reports `name`, the least time of `clock` for one operation, and `rss_name`, the most memory
/// that one took, of `operations` in each repetition.
void report_with_memory(const std::string& name, const std::string& rss_name, Clock clock,
                        int operations, const std::function<void()>& repetition);

/// Ends the program if a workload has not done what it should have.
void require(bool correct);

/// The same pseudo-random numbers in each run.
class Random {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

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

/// A socket that listens on 127.0.0.1:`port` and does not block.
int listen_on(int port);

/// A workload, by the name that it has on the command line.
struct Workload {
  const char* name;
  void (*run)();
};
using Workloads = std::span<const Workload>;

/// A benchmark program's main(): runs the workload that is asked for, or the echo server.
int run_main(int argc, char** argv, std::initializer_list<Workloads> groups,
             void (*serve_echo)(int port));

}  // namespace bench
