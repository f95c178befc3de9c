// WORKLOAD          runs one workload and prints lines `RESULT name value`
// WORKLOAD SIZE     runs it with SIZE tasks, timers or descriptors at once
// echo|echo1 PORT   runs an echo server
//
// Each figure is the best of five repetitions after a warm-up. The library's figures use its public
// API in the default configuration, except echo1. scripts/bench interleaves the runs of several
// libraries' programs.

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
