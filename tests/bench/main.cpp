// WORKLOAD: runs one workload and prints lines `RESULT name value`. WORKLOAD SIZE: the same with so
// many tasks, timers or descriptors at once. echo PORT, echo1 PORT: a server.
//
// Each figure is the best of five repetitions after a warm-up; the library's are on the public API
// in its default configuration, but for echo1. Several libraries' programs of this form can be
// timed in turns: scripts/bench.

#include "bench.hpp"

int main(int argc, char** argv) {
  bench::Program program;
  bench::enter_tasks(program);
  bench::enter_timers(program);
  bench::enter_sync(program);
  bench::enter_threads(program);
  bench::enter_descriptors(program);
  return bench::run_main(argc, argv, program);
}
