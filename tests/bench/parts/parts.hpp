#pragma once

#include <benchmark/benchmark.h>

namespace parts {

/// The arguments of a benchmark that has to do with so many at once.
inline void sizes(benchmark::internal::Benchmark* benchmark) {
  for (const int size : {10, 1'000, 100'000, 1'000'000}) benchmark->Arg(size);
}

/// Each iteration was about as many as the argument says: prints the time for one as well.
inline void count_each(benchmark::State& state) {
  state.counters["each"] = benchmark::Counter(
      static_cast<double>(state.range(0)),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace parts
