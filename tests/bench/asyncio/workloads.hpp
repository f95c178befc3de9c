#pragma once

#include "../bench.hpp"

namespace bench {

extern const Workloads task_workloads;
extern const Workloads timer_workloads;
extern const Workloads sync_workloads;
extern const Workloads thread_workloads;

/// Answers each connection to 127.0.0.1:`port` with what it sends, until killed.
void serve_echo(int port);

}  // namespace bench
