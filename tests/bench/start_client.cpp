// start_client TIMES COMMAND...: runs the command TIMES times in sequence. Prints the least time
// from start to end as `RESULT startup_us`, and the least peak memory as `RESULT startup_KiB`. It
// is linked statically because a process inherits the peak of the process that started it.

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "bench.hpp"

extern char** environ;

int main(int argc, char** argv) {
  const int times = argc > 2 ? std::atoi(argv[1]) : 0;
  if (times <= 0) {
    std::fprintf(stderr, "usage: %s TIMES COMMAND...\n", argv[0]);
    return 2;
  }
  double least_ns = 1e300;
  long least_kib = 1L << 40;
  for (int i = 0; i < times; ++i) {
    const double start = bench::wall_ns();
    pid_t child = 0;
    if (::posix_spawnp(&child, argv[2], nullptr, nullptr, argv + 2, environ) != 0) return 1;
    int status = 0;
    struct rusage usage{};
    if (::wait4(child, &status, 0, &usage) != child || status != 0) return 1;
    least_ns = std::min(least_ns, bench::wall_ns() - start);
    least_kib = std::min(least_kib, usage.ru_maxrss);
  }
  bench::report("startup_us", least_ns / 1e3);
  bench::report("startup_KiB", static_cast<double>(least_kib));
  return 0;
}
