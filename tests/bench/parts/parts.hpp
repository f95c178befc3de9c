#pragma once

#include <benchmark/benchmark.h>

namespace parts {

/// Sets the arguments of a benchmark that depends on a count.
inline void sizes(benchmark::internal::Benchmark* benchmark) {
  for (const int size : {10, 1'000, 100'000, 1'000'000}) benchmark->Arg(size);
}

/// Prints the time of one operation too, if each iteration had as many as the argument.
inline void count_each(benchmark::State& state) {
  state.counters["each"] = benchmark::Counter(
      static_cast<double>(state.range(0)),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace parts
