#include "bench.hpp"

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <numeric>
#include <string_view>
#include <system_error>

namespace bench {

// --- Measuring ---

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

double best_of(Clock clock, double operations, const std::function<void()>& repetition) {
  repetition();
  double best = 1e300;
  for (int i = 0; i < kRepetitions; ++i) {
    const double start = clock();
    repetition();
    best = std::min(best, clock() - start);
  }
  return best / operations;
}

void report_lateness(const std::string& name,
                     const std::function<std::vector<double>(int sleeps)>& late_us) {
  constexpr int kSleeps = 1000;
  double mean = 1e300;
  double p99 = 1e300;
  for (int i = 0; i <= kRepetitions; ++i) {
    std::vector<double> late = late_us(kSleeps);
    if (i == 0) continue;  // the warm-up
    std::sort(late.begin(), late.end());
    mean = std::min(mean, std::accumulate(late.begin(), late.end(), 0.0) / kSleeps);
    p99 = std::min(p99, late[kSleeps * 99 / 100]);
  }
  report(name + "_mean_us", mean);
  report(name + "_p99_us", p99);
}

namespace {

/// A field of this process's status: the resident bytes now, or the most there were so far.
double status_bytes(const char* field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::atof(line.c_str() + std::strlen(field)) * 1024;
  }
  return 0;
}

}  // namespace

void report_with_memory(const std::string& name, const std::string& rss_name, Clock clock,
                        int operations, const std::function<void()>& repetition) {
  const double before = status_bytes("VmRSS:");
  report(name, best_of(clock, operations, repetition));
  report(rss_name, (status_bytes("VmHWM:") - before) / operations);
}

void require(bool correct) {
  if (correct) return;
  std::fprintf(stderr, "a workload has a wrong result\n");
  std::exit(1);
}

// --- The machine ---

OneProcessor::OneProcessor() {
  sched_getaffinity(0, sizeof before_, &before_);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof one, &one);
}

OneProcessor::~OneProcessor() {
  sched_setaffinity(0, sizeof before_, &before_);
}

int listen_on(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
      ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 ||
      ::listen(fd, SOMAXCONN) < 0) {
    throw std::system_error(errno, std::generic_category(), "port " + std::to_string(port));
  }
  return fd;
}

// --- The command line ---

namespace {

/// The workload `name`, or the one that prints the result of that name.
const Workload* find(std::initializer_list<Workloads> groups, std::string_view name) {
  for (const Workloads group : groups) {
    for (const Workload& workload : group) {
      const std::string_view its = workload.name;
      if (name == its || (name.starts_with(its) && name[its.size()] == '_')) return &workload;
    }
  }
  return nullptr;
}

int refuse(const char* program, std::initializer_list<Workloads> groups, bool has_echo) {
  std::fprintf(stderr, "usage: %s WORKLOAD, one of:", program);
  for (const Workloads group : groups) {
    for (const Workload& workload : group) std::fprintf(stderr, " %s", workload.name);
  }
  std::fprintf(stderr, "\n");
  if (has_echo) std::fprintf(stderr, "       %s echo PORT\n", program);
  return 2;
}

}  // namespace

int run_main(int argc, char** argv, std::initializer_list<Workloads> groups,
             void (*serve_echo)(int port)) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  const int port = argc == 3 ? std::atoi(argv[2]) : 0;
  const Workload* const workload = argc == 2 ? find(groups, name) : nullptr;
  const bool echo = serve_echo != nullptr && name == "echo" && port > 0 && port <= 65535;
  if (workload == nullptr && !echo) return refuse(argv[0], groups, serve_echo != nullptr);
  try {
    echo ? serve_echo(port) : workload->run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}

}  // namespace bench
