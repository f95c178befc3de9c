// asyncio_bench WORKLOAD, or asyncio_bench echo PORT: runs one workload and prints lines
// `RESULT name value`.
//
// Each figure is the best of five repetitions after a warm-up, on the public API in its default
// configuration. Several libraries' programs of this form can be timed in turns: scripts/bench.

#include "workloads.hpp"

int main(int argc, char** argv) {
  using namespace bench;
  return run_main(argc, argv, {task_workloads, timer_workloads, sync_workloads, thread_workloads},
                  serve_echo);
}
