#include "bench.hpp"

#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <numeric>
#include <system_error>

namespace bench {

// --- Measurement ---

void report(const std::string& name, double value) {
  std::printf("RESULT %s %.2f\n", name.c_str(), value);
}

double wall_ns() {
  return std::chrono::duration<double, std::nano>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double cpu_ns() {
  timespec spent{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) * 1e9 + static_cast<double>(spent.tv_nsec);
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

void report_lateness(const std::string& name, std::vector<double> (*late_us)(int sleeps)) {
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

/// Returns a field of this process's status: the resident bytes now, or their peak.
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

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Baton::Baton() : fd_(::eventfd(0, EFD_CLOEXEC)) {
  if (fd_ < 0) fail("eventfd");
}

Baton::~Baton() {
  ::close(fd_);
}

void Baton::give() const {
  const std::uint64_t one = 1;
  require(::write(fd_, &one, sizeof one) == sizeof one);
}

void Baton::take() const {
  std::uint64_t count = 0;
  require(::read(fd_, &count, sizeof count) == sizeof count);
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
    fail("port " + std::to_string(port));
  }
  return fd;
}

}  // namespace bench
